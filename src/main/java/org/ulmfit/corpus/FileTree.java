package org.ulmfit.corpus;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.LabelFolders.Place;

/**
 * One text per file, in a folder or in a tar archive that is read as a stream:
 *
 * <pre>
 * train/neg/0_3.txt   train/pos/...   train/unsup/...   valid/...   test/neg/...
 * neg/0_3.txt   pos/...                                  (no splits given)
 * </pre>
 *
 * The folder of a file is its label, the folder above its split if it has a split's name ({@link
 * LabelFolders}). Files that do not end in .txt, hidden files and files beside the label folders
 * are no documents.
 */
final class FileTree {
  private static final int MAX_FILE = 64 << 20;
  private static final int MOST_WAITING = 16 << 20;

  private final String name;
  private final CorpusOptions options;
  private final @Nullable Split forced;
  private final RowGate gate;
  private final LabelFolders folders;
  private @Nullable List<String> base; // folders above labels and splits, which ids leave out

  FileTree(String name, CorpusOptions options, @Nullable Split forced, RowGate gate) {
    this.name = name;
    this.options = options;
    this.forced = forced;
    this.gate = gate;
    this.folders = new LabelFolders(name, gate.usesLabels(), forced != null);
  }

  private record Entry(Place place, Path path) {}

  /** All documents, sorted by split, label and file name. */
  void readFolder(Path folder) throws IOException {
    List<Entry> entries = new ArrayList<>();
    Path root = Links.followed(folder);
    try (Stream<Path> paths = Files.walk(root)) {
      paths
          .filter(path -> isFile(path, root))
          .forEach(
              path -> {
                List<String> parts = new ArrayList<>();
                root.relativize(path).forEach(part -> parts.add(part.toString()));
                Place place = folders.of(parts);
                if (place == null) {
                  gate.ignore();
                } else {
                  entries.add(new Entry(place, path));
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    dropTextsBesideLabels(entries);
    folders.check();
    entries.sort(
        Comparator.comparing(Entry::place, Place.ORDER)
            .thenComparing(entry -> entry.path().toString(), Place.BY_CODE_POINT));
    for (Entry entry : entries) {
      checkSize(entry.path().toString(), Files.size(entry.path()));
      base =
          base == null || entry.place().above().size() < base.size() ? entry.place().above() : base;
    }
    for (Entry entry : entries) {
      accept(entry.place(), entry.path().toString(), Files.readAllBytes(entry.path()));
    }
  }

  /** Of all texts the ones in a folder that holds all the others, deeper: {@code imdbEr.txt}. */
  private void dropTextsBesideLabels(List<Entry> entries) {
    List<String> shallow =
        entries.stream()
            .map(entry -> entry.place().folder())
            .min(Comparator.comparing(List::size))
            .orElse(List.of());
    boolean around =
        entries.stream()
            .allMatch(entry -> LabelFolders.startsWith(entry.place().folder(), shallow));
    List<Entry> beside =
        entries.stream().filter(entry -> entry.place().folder().equals(shallow)).toList();
    boolean few = 2 * beside.size() <= entries.size();
    if (around && few && folders.holdsLabels(shallow)) {
      entries.removeIf(entry -> entry.place().folder().equals(shallow));
      beside.forEach(entry -> drop(entry.place()));
    }
  }

  private void drop(Place place) {
    folders.forget(place);
    gate.ignore();
  }

  /**
   * Whether it is a file.
   *
   * @throws UlmfitException (bad data) for a link to a folder, whose label would be lost
   */
  private static boolean isFile(Path path, Path root) {
    if (Files.isSymbolicLink(path) && Files.isDirectory(path)) {
      throw UlmfitException.badData(
          path
              + ": a link to a folder, which is not followed; put the folder itself into "
              + root
              + ", or remove the link");
    }
    return Files.isRegularFile(path);
  }

  /**
   * All documents, almost in the archive's order; nothing is unpacked to disk. {@code a/b.txt} is a
   * document of label a, unless a holds everything in the archive and labels below it, as in {@code
   * aclImdb/imdbEr.txt}: such files wait until that is known, or too many are waiting.
   */
  void readTar(InputStream in) throws IOException {
    Set<String> tops = new HashSet<>();
    List<Waiting> waiting = new ArrayList<>();
    long bytesWaiting = 0;
    long deeper = 0;
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(in), StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
        String where = name + ": " + entry.getName();
        List<String> parts =
            Stream.of(entry.getName().split("/"))
                .filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
        if (parts.contains("..")) {
          throw UlmfitException.badData(where + ": climbs out of the archive; pack it anew");
        }
        if (parts.size() >= 2) {
          tops.add(parts.get(0));
        }
        boolean link = entry.isSymbolicLink() || entry.isLink();
        if (!link && !entry.isFile()) {
          continue;
        }
        Place place = link || parts.isEmpty() ? null : folders.of(parts);
        if (place == null) {
          gate.ignore();
          continue;
        }
        checkSize(where, entry.getRealSize());
        byte[] bytes = bytes(tar);
        if (bytes.length != entry.getRealSize()) {
          throw UlmfitException.badData(where + ": the archive is cut short; fetch it again");
        }
        if (parts.size() == 2) {
          waiting.add(new Waiting(place, where, bytes));
          bytesWaiting += bytes.length;
        } else {
          deeper++;
          accept(place, where, bytes);
        }
        if (bytesWaiting > MOST_WAITING) {
          deliver(waiting, false); // too many to be beside labels
          bytesWaiting = 0;
        }
      }
    }
    boolean beside = tops.size() == 1 && waiting.size() <= deeper;
    deliver(waiting, beside && folders.holdsLabels(List.copyOf(tops)));
    folders.check();
  }

  private record Waiting(Place place, String where, byte[] bytes) {}

  private void deliver(List<Waiting> waiting, boolean besideLabels) {
    for (Waiting one : waiting) {
      if (besideLabels) {
        drop(one.place);
      } else {
        accept(one.place, one.where, one.bytes);
      }
    }
    waiting.clear();
  }

  /** The archive's next head, which may be broken in ways the library has no one name for. */
  private TarArchiveEntry next(TarArchiveInputStream tar) {
    try {
      return tar.getNextEntry();
    } catch (IOException | IllegalArgumentException e) {
      throw Source.corrupt(name, e);
    }
  }

  private byte[] bytes(TarArchiveInputStream tar) {
    try {
      return tar.readNBytes(MAX_FILE + 1);
    } catch (IOException | IllegalArgumentException e) {
      throw Source.corrupt(name, e);
    }
  }

  private static void checkSize(String where, long bytes) {
    if (bytes > MAX_FILE) {
      throw UlmfitException.badData(where + ": longer than 64 MB; split it");
    }
  }

  private void accept(Place place, String where, byte[] bytes) {
    if (options.charset() == null) {
      Encoding.refuseWide(where, bytes);
    }
    base = base == null ? place.above() : base;
    String text = StrictReader.decode(bytes, options.charset(), where);
    List<String> labels = place.split() == Split.UNSUP ? null : List.of(place.label());
    gate.row(where, place.split(), forced, new Document(place.id(base), List.of(text), labels));
  }
}
