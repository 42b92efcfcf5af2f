package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a corpus is to be read: the same options in every command that takes one. */
class CorpusMixin {
  @Mixin private InputMixin input;

  @Option(
      names = "--label-column",
      paramLabel = "COLUMN",
      description = "Column of the label, by name or index; none: there is none.")
  private @Nullable String labelColumn;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      converter = ChoiceConverter.Task.class,
      defaultValue = "auto",
      description =
          "Labels of a row: auto (default: found out), single, or multi, any number of them.")
  private Task task;

  @Option(
      names = "--label-separator",
      paramLabel = "SEP",
      description = "Between the labels of a cell, such as , or ; (default: a cell is one label).")
  private @Nullable String labelSeparator;

  @Option(
      names = "--label-columns",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns of 0 and 1, each a label by its name.")
  private List<String> labelColumns = List.of();

  @Option(
      names = "--label-names",
      paramLabel = "FILE",
      description = "Names of the labels, one a line; the corpus has their indices, from 0.")
  private @Nullable Path labelNames;

  @Option(
      names = "--split-column",
      paramLabel = "COLUMN",
      description =
          "Column that holds train, valid, test or unsup, or true/false for validation; none: none"
              + " does.")
  private @Nullable String splitColumn;

  @Option(
      names = "--on-bad-row",
      paramLabel = "ACTION",
      converter = ChoiceConverter.OnBadRow.class,
      defaultValue = "fail",
      description =
          "fail (default) or skip; skipped rows are counted, and listed in the prepared data's"
              + " rejected.jsonl.")
  private OnBadRow onBadRow;

  @Option(
      names = "--valid",
      paramLabel = "FILE",
      description = "A second file or folder, all of it validation data.")
  private @Nullable Path valid;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "A further file or folder, all of it test data.")
  private @Nullable Path test;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Count.class,
      description = "Use at most N documents of a split (default: all).")
  private int limit;

  /** With the validation and test data of the options, read as it is. */
  final Corpus corpus(Path path) {
    CorpusOptions options = options();
    CorpusOptions further = options.withSplitColumn("none"); // all of one split
    return Corpus.at(path, options)
        .withValid(valid == null ? null : Corpus.at(valid, further))
        .withTest(test == null ? null : Corpus.at(test, further));
  }

  /** Texts in the same form, whose labels are read where it is clear which they are. */
  final Corpus texts(Path path) {
    return Corpus.at(
        path,
        input
            .options()
            .withLabelling(task.labelling)
            .withLabelNames(labelNames)
            .withSplitColumn(splitColumn)
            .withOnBadRow(onBadRow));
  }

  /** 0 = all. */
  final int limit() {
    return limit;
  }

  private CorpusOptions options() {
    return input
        .options()
        .withLabelColumn(labelColumn)
        .withLabelling(task.labelling)
        .withLabelSeparator(labelSeparator)
        .withLabelColumns(labelColumns)
        .withLabelNames(labelNames)
        .withSplitColumn(splitColumn)
        .withOnBadRow(onBadRow);
  }

  /** What {@code --task} says. */
  enum Task {
    AUTO(null),
    SINGLE(Labelling.SINGLE),
    MULTI(Labelling.MULTI);

    private final @Nullable Labelling labelling;

    Task(@Nullable Labelling labelling) {
      this.labelling = labelling;
    }
  }

  /** A number of things, at least one. */
  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String given) {
      try {
        int n = Integer.parseInt(given);
        if (n > 0) {
          return n;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("'" + given + "' is not a whole number above 0");
    }
  }
}
