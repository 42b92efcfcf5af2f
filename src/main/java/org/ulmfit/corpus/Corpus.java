package org.ulmfit.corpus;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.CorpusOptions.Format;
import org.ulmfit.corpus.CorpusOptions.OnBadRow;

/**
 * Texts to work on: a folder, an archive, a file, or documents in memory, with further corpora that
 * are validation or test data. A value: nothing is read before it is used, and it may be used any
 * number of times.
 */
public final class Corpus {
  private static final Path STANDARD_INPUT = Path.of("-");

  private final @Nullable Path path; // null: documents in memory
  private final List<Document> documents;
  private final CorpusOptions options;
  private final @Nullable Corpus valid;
  private final @Nullable Corpus test;

  private Corpus(
      @Nullable Path path,
      List<Document> documents,
      CorpusOptions options,
      @Nullable Corpus valid,
      @Nullable Corpus test) {
    this.path = path;
    this.documents = documents;
    this.options = options;
    this.valid = valid;
    this.test = test;
  }

  /**
   * A folder, archive or file whose layout is found out, or a folder of prepared data.
   *
   * @param path {@code -} is standard input, which can be read once
   */
  public static Corpus at(Path path) {
    return at(path, CorpusOptions.defaults());
  }

  /** A folder, archive or file, read as the options say. */
  public static Corpus at(Path path, CorpusOptions options) {
    return new Corpus(path, List.of(), options, null, null);
  }

  /** A table; separator, quotes, header and columns are found out. */
  public static Corpus csv(Path path) {
    return at(path, CorpusOptions.defaults().withFormat(Format.CSV));
  }

  /** A file with a JSON object on each line; its keys are found out. */
  public static Corpus jsonl(Path path) {
    return at(path, CorpusOptions.defaults().withFormat(Format.JSONL));
  }

  /**
   * Documents in memory. Those with labels are training data, those without are read by the
   * language model only. Without {@link #withValid} and {@link #withTest} the recipe's shares
   * ({@code corpus.validFraction}, {@code corpus.testFraction}) are held out.
   *
   * @throws UlmfitException (bad data) if there are none, or if they do not all have the same
   *     number of fields
   */
  public static Corpus of(List<Document> documents) {
    return of(documents, OnBadRow.FAIL);
  }

  /**
   * Documents in memory.
   *
   * @param onBadRow what is done with one that has no text
   * @throws UlmfitException as {@link #of(List)}
   */
  public static Corpus of(List<Document> documents, OnBadRow onBadRow) {
    List<Document> all = List.copyOf(documents);
    if (all.isEmpty()) {
      throw UlmfitException.badData("a corpus of no documents; give at least one");
    }
    int fields = all.get(0).fields().size();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).fields().size() != fields) {
        throw UlmfitException.badData(
            "document "
                + (i + 1)
                + " has "
                + all.get(i).fields().size()
                + " fields, the first one "
                + fields
                + "; give each as many");
      }
    }
    return new Corpus(null, all, CorpusOptions.defaults().withOnBadRow(onBadRow), null, null);
  }

  /** With another corpus, all of it validation data; null: none. */
  public Corpus withValid(@Nullable Corpus corpus) {
    return new Corpus(path, documents, options, alone(corpus), test);
  }

  /** With another corpus, all of it test data; null: none. */
  public Corpus withTest(@Nullable Corpus corpus) {
    return new Corpus(path, documents, options, valid, alone(corpus));
  }

  /**
   * With documents that have one label each, or any number of them.
   *
   * @param labelling null: found out; one each unless documents in memory, lists of JSON or
   *     fastText lines have several
   */
  public Corpus withLabelling(@Nullable Labelling labelling) {
    return new Corpus(path, documents, options.withLabelling(labelling), valid, test);
  }

  private static @Nullable Corpus alone(@Nullable Corpus corpus) {
    if (corpus != null && (corpus.valid != null || corpus.test != null)) {
      throw UlmfitException.usage(
          corpus + ": is validation or test data and cannot have such data of its own");
    }
    return corpus;
  }

  /** Where it is; null: in memory. */
  public @Nullable Path path() {
    return path;
  }

  /** Whether it can be read only once. */
  public boolean isStandardInput() {
    return STANDARD_INPUT.equals(path);
  }

  /** Its documents, if they are in memory; unmodifiable. */
  public List<Document> documents() {
    return documents;
  }

  public CorpusOptions options() {
    return options;
  }

  /** Null: none. */
  public @Nullable Corpus valid() {
    return valid;
  }

  /** Null: none. */
  public @Nullable Corpus test() {
    return test;
  }

  /** The last part of its path, for a model's provenance. */
  public String name() {
    return path == null ? toString() : String.valueOf(path.getFileName());
  }

  /** As messages call it. */
  @Override
  public String toString() {
    return path == null ? documents.size() + " documents in memory" : path.toString();
  }
}
