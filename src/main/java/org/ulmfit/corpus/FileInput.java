package org.ulmfit.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;

/**
 * A folder, an archive, a file, or a folder of files that hold rows.
 *
 * @param parts of the rows, in order; the source alone, if it is no folder of them
 */
record FileInput(
    Path path, Source source, CorpusOptions options, Layout layout, List<FileInput.Part> parts)
    implements Input {

  /** A file of rows, and how it is written. */
  record Part(Source source, Layout layout) {}

  /**
   * Looks at the start of it.
   *
   * @throws UlmfitException (bad data) if it is missing, or if it is not clear what in it is meant;
   *     (usage) if the options contradict it
   */
  static FileInput open(Path path, CorpusOptions options, Expectation expectation) {
    Source source = Source.of(path);
    if (!source.isStandardInput() && !Files.exists(path)) {
      throw UlmfitException.badData(path + ": no such file or folder; check the path");
    }
    if (options.linePattern() != null) {
      LineRows.pattern(options.linePattern());
    }
    LabelFinder.check(options, expectation.labelling());
    List<Path> parts = Parts.of(path);
    if (!parts.isEmpty() && options.format() != Format.FOLDER) {
      Source first = Source.of(Parts.telling(parts));
      Layout layout = new LayoutFinder(first, options, expectation).find();
      if (layout.format() == Format.TAR) {
        throw UlmfitException.badData(
            first.name() + ": an archive in a folder of parts; name the archive, or unpack it");
      }
      List<Source> sources = parts.stream().map(Source::of).toList();
      PartQuotes quotes = PartQuotes.of(parts, options);
      SplitWatch watch = SplitWatch.of(layout);
      List<Part> all =
          sources.stream()
              .map(
                  part ->
                      new Part(
                          part,
                          quotes.of(
                              new LayoutFinder(part, options, expectation).ofPart(layout, watch))))
              .toList();
      Layout whole = layout.ofParts(source.name(), parts.size());
      return new FileInput(path, source, options, whole, all);
    }
    Layout layout =
        Files.isDirectory(path)
            ? folder(source, options, expectation)
            : file(source, options, expectation);
    return new FileInput(path, source, options, layout, List.of(new Part(source, layout)));
  }

  private static Layout folder(Source source, CorpusOptions options, Expectation expectation) {
    if (options.format() != Format.AUTO && options.format() != Format.FOLDER) {
      throw UlmfitException.usage(
          source.name()
              + ": a folder, but --format "
              + options.format().name().toLowerCase(Locale.ROOT)
              + " reads a file; leave --format out, or name the file");
    }
    LayoutFinder.checkFields(source.name(), expectation);
    RowLabels labels = LabelFinder.ofFolders(source.name(), options, expectation);
    return Layout.of(source.name(), Format.FOLDER, options.charset(), false, labels);
  }

  private static Layout file(Source source, CorpusOptions options, Expectation expectation) {
    if (options.format() == Format.FOLDER) {
      throw UlmfitException.usage(source.name() + ": not a folder; leave --format out");
    }
    return new LayoutFinder(source, options, expectation).find();
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public Format format() {
    return layout.format();
  }

  @Override
  public String found() {
    return layout.line();
  }

  @Override
  public InputColumns columns() {
    return layout.remembered();
  }

  @Override
  public RowLabels labels() {
    return layout.labels();
  }

  @Override
  public String whyUnlabelled() {
    Columns columns = layout.columns();
    return columns == null || columns.hasLabels()
        ? "it holds no labels; give a folder per label, or a table or JSON with a label in each row"
        : columns.whyUnlabelled();
  }

  @Override
  public String remedy() {
    return "mend it, or leave such rows out with --on-bad-row skip";
  }

  @Override
  public String asking(Labelling labelling) {
    return "--task " + labelling.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String emptiness(long ignoredFiles) {
    return switch (layout.format()) {
      case FOLDER, TAR ->
          "no documents; expected LABEL/*.txt or train/LABEL/*.txt ("
              + ignoredFiles
              + " other files)";
      default -> "empty; give a file with one document per row";
    };
  }

  @Override
  public @Nullable Input of(Shard own) {
    return isParts() ? new FileInput(path, source, options, layout, own.of(parts)) : null;
  }

  /** Whether it is a folder of files that hold rows. */
  private boolean isParts() {
    return layout.format() != Format.FOLDER && Files.isDirectory(path);
  }

  @Override
  public void read(@Nullable Split forced, RowGate gate) {
    try {
      if (layout.format() == Format.FOLDER) {
        new FileTree(source.name(), options, forced, gate).readFolder(path);
        return;
      }
    } catch (IOException e) {
      throw source.unreadable(e);
    }
    SplitWatch watch = forced == null ? SplitWatch.of(layout) : null;
    for (Part part : parts) {
      try (InputStream in = part.source.open()) {
        if (layout.format() == Format.TAR) {
          new FileTree(source.name(), options, forced, gate).readTar(in);
        } else {
          RowReader rows = Readers.open(in, part.layout, options, false, watch);
          read(part.source.name(), rows, forced, gate);
        }
      } catch (IOException e) {
        throw part.source.unreadable(e);
      }
    }
  }

  private void read(String file, RowReader rows, @Nullable Split forced, RowGate gate)
      throws IOException {
    for (Row row = rows.next(); row != null; row = rows.next()) {
      String where = row.where(file);
      if (row.problem() != null) {
        gate.reject(where, row.problem());
        continue;
      }
      if (row.labelProblem() != null && gate.usesLabels()) {
        gate.reject(where, row.labelProblem());
        continue;
      }
      Split given = row.split() == null ? null : split(row.split());
      if (row.split() != null && given == null) {
        gate.reject(
            where,
            "'"
                + row.split()
                + "' is no split (train, valid, test, unsup; --split-column none ignores it)");
        continue;
      }
      String own = row.id();
      String id =
          own == null || row.idIsJson() && own.equals("null") ? file + ":" + row.number() : own;
      List<String> labels = given == Split.UNSUP ? null : row.labels();
      gate.row(where, given, forced, new Document(id, row.fields(), labels));
    }
  }

  private @Nullable Split split(String name) {
    Columns columns = layout.columns();
    return columns != null && columns.split() >= 0
        ? columns.splitOf(name)
        : Columns.namedSplit(name);
  }
}
