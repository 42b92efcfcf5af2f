package org.ulmfit.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Split;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.Scripts;
import org.ulmfit.vocab.Vocab;

/**
 * Looks at a corpus before hours are spent on it: reads it once, as training would read it, and
 * keeps what a careful reader would count.
 */
public final class DataCheck {
  private static final int BATCH = 2048; // rows that threads share out
  private static final int SIGNED = 500_000; // rows whose near-duplicates are looked for
  private static final String STOPPED = "while the data was looked at; nothing was written";

  private final Recipe recipe;
  private final @Nullable Vocab known;
  private final int folds;
  private final Consumer<String> notes;
  private final Stop stop;

  private final Rows rows = new Rows();
  private final LabelNoise noise = new LabelNoise();
  private final Words words = new Words();
  private final Scripts scripts = new Scripts();
  private final Map<Split, Map<String, Integer>> labels = new EnumMap<>(Split.class);
  private final Map<String, Integer> perKind = new HashMap<>(); // split and labels
  private int unsigned; // rows whose near-duplicates are not looked for

  /**
   * @param known words of a pretrained model; null: there is none to compare with
   * @param folds by which labels in doubt are looked for; 0: they are not
   */
  public DataCheck(
      Recipe recipe, @Nullable Vocab known, int folds, Consumer<String> notes, Stop stop) {
    this.recipe = recipe;
    this.known = known;
    this.folds = folds;
    this.notes = notes;
    this.stop = stop;
  }

  /** A row with what is counted of its text. */
  private record Read(Rows.Row row, List<String> words) {}

  /**
   * Reads a corpus.
   *
   * @param limit rows of each label of a split at most, the first; 0 = all
   * @throws UlmfitException (bad data) if it cannot be read; (interrupted) after a stop request
   */
  public DataReport look(Corpus corpus, int limit) {
    CorpusReader reader = CorpusReader.open(corpus);
    reader.found().forEach(notes);
    notes.accept(reader.task());
    Recipe.Text text = recipe.text();
    try (TextPipeline pipeline =
        TextPipeline.of(
            text.rules(),
            TokenizerSpec.parse(text.tokenizer()),
            text.markFields(),
            text.fieldNumbers(),
            text.normalise())) {
      Coverage coverage =
          known == null
              ? null
              : new Coverage(text.rules(), known, pipeline.tokenizer().makesPieces());
      List<Split> splits = new ArrayList<>();
      List<Document> batch = new ArrayList<>();
      reader.forEach(
          (split, document) -> {
            stop.check(STOPPED);
            String kind = split + " " + document.labels();
            if (limit == 0 || perKind.getOrDefault(kind, 0) < limit) {
              perKind.merge(kind, 1, Integer::sum);
              splits.add(split);
              batch.add(document);
            }
            if (batch.size() == BATCH) {
              read(splits, batch, pipeline, coverage);
            }
          });
      read(splits, batch, pipeline, coverage);
      tellOfLimits(reader.counts().used(), limit);
      List<LabelNoise.Doubt> doubts =
          folds == 0 ? List.of() : noise.find(rows, folds, recipe.seed(), notes, stop);
      return DataReport.of(
          corpus.name(),
          reader.counts(),
          reader.labelling(),
          rows,
          doubts,
          labels,
          words,
          scripts,
          coverage,
          recipe.classifier().maxLength());
    }
  }

  private void tellOfLimits(long used, int limit) {
    if (rows.size() < used) {
      notes.accept(
          Shown.format(
              "--limit: the first %,d rows of each label of a split are looked at, %,d of %,d",
              limit, rows.size(), used));
    }
    if (unsigned > 0) {
      notes.accept(
          Shown.format(
              "texts that are nearly the same are not looked for among the last %,d rows to train on",
              unsigned));
    }
  }

  private void read(
      List<Split> splits,
      List<Document> batch,
      TextPipeline pipeline,
      @Nullable Coverage coverage) {
    boolean many = rows.size() >= SIGNED;
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      places.add(i);
    }
    List<Read> read =
        places.parallelStream()
            .map(i -> read(splits.get(i), batch.get(i), pipeline, coverage, many))
            .toList();
    for (Read one : read) {
      unsigned += isSigned(one.row.split(), many) ? 0 : 1;
      if (folds > 0) {
        noise.add(rows.size(), one.row, one.words);
      }
      rows.add(one.row);
      words.add(one.words);
      count(one.row);
    }
    batch.forEach(document -> document.fields().forEach(scripts::add));
    splits.clear();
    batch.clear();
  }

  /** Of many rows those to measure on alone: what they share with others makes figures flatter. */
  private static boolean isSigned(Split split, boolean many) {
    return !many || split == Split.VALID || split == Split.TEST;
  }

  private void count(Rows.Row row) {
    List<String> given = row.labels();
    if (given != null) {
      Map<String, Integer> own = labels.computeIfAbsent(row.split(), s -> new TreeMap<>());
      given.forEach(label -> own.merge(label, 1, Integer::sum));
    }
  }

  private Read read(
      Split split,
      Document document,
      TextPipeline pipeline,
      @Nullable Coverage coverage,
      boolean many) {
    List<String> tokens = pipeline.documentTokens(document.fields());
    if (coverage != null) {
      coverage.add(tokens);
    }
    List<String> own = words(tokens, pipeline.rules());
    String text = String.join("\n", document.fields());
    Rows.Row row =
        new Rows.Row(
            split,
            document.id(),
            document.labels(),
            own.size(),
            MinHash.hash(bare(text)),
            Suspect.of(text, own.size(), tokens.size(), recipe.classifier().maxLength()),
            isSigned(split, many) ? MinHash.of(own) : null);
    return new Read(row, own);
  }

  /** Tokens with a letter or a digit, but for the marks of the rules and their numbers. */
  private static List<String> words(List<String> tokens, Rules rules) {
    List<String> words = new ArrayList<>(tokens.size());
    boolean numbered = false;
    for (String token : tokens) {
      if (!numbered
          && !rules.isMark(token)
          && token.codePoints().anyMatch(Character::isLetterOrDigit)) {
        words.add(token);
      }
      numbered = rules.isNumbered(token);
    }
    return words;
  }

  /** Without regard to capitals and white space. */
  private static String bare(String text) {
    StringBuilder bare = new StringBuilder(text.length());
    boolean blank = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        blank = true;
      } else {
        if (blank && !bare.isEmpty()) {
          bare.append(' ');
        }
        blank = false;
        bare.append(c);
      }
    }
    return bare.toString().toLowerCase(Locale.ROOT);
  }
}
