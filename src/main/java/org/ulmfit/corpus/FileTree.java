package org.ulmfit.corpus;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.ulmfit.UlmfitException;

/**
 * One text per file, in a folder or in a tar archive that is read as a stream:
 *
 * <pre>
 * train/neg/0_3.txt   train/pos/...   train/unsup/...   valid/...   test/neg/...
 * neg/0_3.txt   pos/...                                  (no splits given)
 * </pre>
 *
 * The folder of a file is its label, the folder above its split if it has a split's name. Files
 * that do not end in .txt, hidden files and files beside the label folders are no documents.
 */
final class FileTree {
  private static final int MAX_FILE = 64 << 20;

  private final String name;
  private final CorpusOptions options;
  private final Split forced;
  private final Intake intake;

  FileTree(String name, CorpusOptions options, Split forced, Intake intake) {
    this.name = name;
    this.options = options;
    this.forced = forced;
    this.intake = intake;
  }

  /** What a path says: null for a file that is no document. */
  record Place(Split split, String label, String id) {
    static final Comparator<String> BY_CODE_POINT =
        (a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    /** Split, then label, then name, by code point: the order of a folder. */
    static final Comparator<Place> ORDER =
        Comparator.comparing(Place::split)
            .thenComparing(Place::label, BY_CODE_POINT)
            .thenComparing(Place::id, BY_CODE_POINT);

    static Place of(List<String> parts) {
      int n = parts.size();
      String file = parts.get(n - 1);
      if (n < 2 || file.startsWith(".") || !file.toLowerCase(Locale.ROOT).endsWith(".txt")) {
        return null;
      }
      String label = parts.get(n - 2);
      Split own = Columns.namedSplit(label);
      Split above = n < 3 ? null : Columns.namedSplit(parts.get(n - 3));
      if (label.startsWith(".") || own != null && own != Split.UNSUP) {
        return null; // train/urls_neg.txt
      }
      Split split = own == Split.UNSUP ? Split.UNSUP : above == null ? Split.TRAIN : above;
      String id = label + "/" + file;
      return new Place(split, label, above == null ? id : parts.get(n - 3) + "/" + id);
    }
  }

  private record Entry(Place place, Path path) {}

  /** All documents, sorted by split, label and file name. */
  void readFolder(Path root) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(root)) {
      paths
          .filter(Files::isRegularFile)
          .forEach(
              path -> {
                List<String> parts = new ArrayList<>();
                root.relativize(path).forEach(part -> parts.add(part.toString()));
                Place place = Place.of(parts);
                if (place == null) {
                  intake.ignore();
                } else {
                  entries.add(new Entry(place, path));
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(Entry::place, Place.ORDER));
    for (Entry entry : entries) {
      accept(entry.place(), entry.path().toString(), Files.readAllBytes(entry.path()));
    }
  }

  /** All documents, in the archive's order. */
  void readTar(InputStream in) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (!entry.isFile()) {
          continue;
        }
        List<String> parts =
            Stream.of(entry.getName().split("/"))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
        Place place = parts.isEmpty() ? null : Place.of(parts);
        if (place == null) {
          intake.ignore();
          continue;
        }
        String where = name + ": " + entry.getName();
        if (entry.getSize() > MAX_FILE) {
          throw UlmfitException.badData(where + ": longer than 64 MB; split it");
        }
        byte[] bytes = tar.readAllBytes();
        if (bytes.length != entry.getSize()) {
          throw UlmfitException.badData(where + ": the archive is cut short; fetch it again");
        }
        accept(place, where, bytes);
      }
    }
  }

  private void accept(Place place, String where, byte[] bytes) {
    String text = StrictReader.decode(bytes, options.charset(), where);
    List<String> labels = place.split() == Split.UNSUP ? List.of() : List.of(place.label());
    intake.row(where, place.split(), forced, new Document(place.id(), List.of(text), labels));
  }
}
