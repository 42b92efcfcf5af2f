package org.ulmfit.prepare;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.Shard;
import org.ulmfit.prepare.Preparation.Part;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Scripts;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Stage 1: raw corpus to token stores. Each method takes a raw corpus or a prepared folder (one
 * with {@code prepared.json}), tokenizes every text once and works in bounded memory. What is
 * written:
 *
 * <pre>
 * vocab.txt  lm/{train,valid}.tokens  classifier/{train,valid,test,unlabelled}.tokens  prepared.json
 * tokenizer.json (where one makes the tokens)
 * </pre>
 */
public final class Prepare {
  private final Recipe recipe;
  private final Consumer<String> progress;
  private final Stop stop;

  /**
   * @param progress receives lines worth showing
   */
  public Prepare(Recipe recipe, Consumer<String> progress, Stop stop) {
    this.recipe = recipe;
    this.progress = progress;
    this.stop = stop;
  }

  /** Whether the corpus is a folder that holds prepared data. */
  public static boolean isPrepared(Corpus corpus) {
    return corpus.path() != null && PreparedFolder.isOne(corpus.path());
  }

  /**
   * Stage 1 for the language model.
   *
   * @param pretrained vocabulary of the model that is fine-tuned, whose words join those of the
   *     training tokens as {@code vocab.keepPretrained} says; null: none. A prepared folder keeps
   *     its own vocabulary; compare {@link PreparedLm#vocab()}
   * @param outDir where the stores go; reused if it holds the same preparation already
   * @param limit training documents at most (validation in proportion); 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public PreparedLm languageModel(
      Corpus corpus, @Nullable Vocab pretrained, Path outDir, int limit) {
    Recipe.KeepPretrained keep = recipe.vocab().keepPretrained();
    boolean none = keep == Recipe.KeepPretrained.FALSE || pretrained == null;
    if (keep == Recipe.KeepPretrained.TRUE && !none && isPrepared(corpus)) {
      progress.accept(
          corpus + ": prepared with its own vocabulary; vocab.keepPretrained has no effect here");
    }
    List<String> kept = none || pretrained == null ? List.of() : pretrained.itos();
    return made(
        corpus,
        new Preparation.Vocabulary(null, kept, pretrained, null),
        outDir,
        limit,
        Set.of(Part.LM),
        folder -> {
          if (pretrained != null && isPrepared(corpus)) {
            checkScript(corpus, folder, pretrained);
          }
          return languageModel(folder, !isPrepared(corpus), outDir, limit);
        });
  }

  /** As for texts that are read, of those that were. */
  private void checkScript(Corpus corpus, PreparedFolder folder, Vocab pretrained) {
    Scripts letters = new Scripts();
    Vocab words = folder.vocab();
    try (TokenStore train = folder.open(PreparedFolder.LM_TRAIN, words)) {
      long[] counts = train.counts(words.size());
      for (int id = 0; id < counts.length; id++) {
        String word = words.itos(id);
        if (counts[id] > 0 && !recipe.text().rules().specials().contains(word)) {
          letters.add(word, counts[id]);
        }
      }
    }
    CorpusScript.check(corpus.toString(), letters, pretrained, recipe.text());
  }

  private static PreparedLm languageModel(
      PreparedFolder folder, boolean made, Path outDir, int limit) {
    Vocab vocab = folder.vocab();
    TokenStore train = folder.open(PreparedFolder.LM_TRAIN, vocab);
    TokenStore valid = folder.open(PreparedFolder.LM_VALID, vocab);
    if (limit > 0 && !made) {
      int cut = Math.min(limit, train.size());
      double share = (double) valid.size() / Math.max(1, train.size());
      train = StoreSubset.first(train, outDir.resolve("lm/train.tokens"), cut);
      int cutValid = Math.max(1, (int) Math.ceil(share * cut));
      valid = StoreSubset.first(valid, outDir.resolve("lm/valid.tokens"), cutValid);
    }
    boolean keeps = made && Fingerprint.keepsPretrained(folder.settings());
    return new PreparedLm(vocab, train, valid, folder.summary(), folder.tokenizer(), keeps);
  }

  /**
   * Stage 1 for the classifier.
   *
   * @param vocab the encoder's; null: build one. A prepared folder keeps its own; compare {@link
   *     PreparedClassifier#vocab()}
   * @param limit documents per split at most, every class kept; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public PreparedClassifier classifier(
      Corpus corpus, @Nullable Vocab vocab, Path outDir, int limit) {
    return classifier(
        corpus, new Preparation.Vocabulary(vocab, List.of(), null, null), outDir, limit);
  }

  /**
   * Stage 1 for a classifier that goes on.
   *
   * @param limit documents per split at most, every class kept; 0 = all
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte;
   *     (usage) if it is prepared already
   */
  public PreparedClassifier goingOn(Corpus corpus, Predecessor goesOn, Path outDir, int limit) {
    if (isPrepared(corpus)) {
      throw UlmfitException.usage(
          corpus + ": prepared without the labels of the model that goes on; give the raw corpus");
    }
    return classifier(
        corpus, new Preparation.Vocabulary(goesOn.vocab(), List.of(), null, goesOn), outDir, limit);
  }

  private PreparedClassifier classifier(
      Corpus corpus, Preparation.Vocabulary vocabulary, Path outDir, int limit) {
    return made(
        corpus,
        vocabulary,
        outDir,
        limit,
        with(Part.CLASSIFIER),
        folder -> {
          if (isPrepared(corpus)) {
            folder.checkTask(corpus);
          }
          return classifier(folder, isPrepared(corpus) ? limit : 0, outDir);
        });
  }

  private PreparedClassifier classifier(PreparedFolder folder, int limit, Path outDir) {
    Labelling labelling = folder.labelling();
    int names = folder.labels().size();
    Vocab vocab = folder.vocab();
    TokenStore train = folder.open(PreparedFolder.TRAIN, vocab);
    TokenStore valid = folder.open(PreparedFolder.VALID, vocab);
    TokenStore test =
        folder.has(PreparedFolder.TEST) ? folder.open(PreparedFolder.TEST, vocab) : null;
    if (limit > 0) {
      train =
          StoreSubset.sample(
              train, outDir.resolve("classifier/train.tokens"), limit, labelling, names, recipe);
      TokenStore cutTest =
          test == null
              ? null
              : StoreSubset.sample(
                  test, outDir.resolve("classifier/test.tokens"), limit, labelling, names, recipe);
      valid =
          cutTest != null && folder.same(PreparedFolder.TEST, PreparedFolder.VALID)
              ? cutTest
              : StoreSubset.sample(
                  valid,
                  outDir.resolve("classifier/valid.tokens"),
                  limit,
                  labelling,
                  names,
                  recipe);
      test = cutTest;
    }
    return new PreparedClassifier(
        vocab,
        labelling,
        folder.labels(),
        train,
        valid,
        test,
        unlabelled(folder, vocab, limit, outDir),
        folder.summary(),
        folder.tokenizer());
  }

  /** Texts without labels, if the recipe trains on them. */
  private @Nullable TokenStore unlabelled(
      PreparedFolder folder, Vocab vocab, int limit, Path outDir) {
    if (recipe.classifier().adversarial().unlabelled() == 0) {
      return null;
    }
    if (!folder.has(PreparedFolder.UNLABELLED)) {
      throw UlmfitException.usage(
          folder.dir()
              + ": prepared without the texts that have no labels; prepare it again with"
              + " classifier.adversarial.unlabelled above 0, or give the raw corpus");
    }
    TokenStore all = folder.open(PreparedFolder.UNLABELLED, vocab);
    Path part = outDir.resolve(PreparedFolder.UNLABELLED + ".tokens");
    return limit == 0 ? all : StoreSubset.first(all, part, limit);
  }

  /** These and what else the recipe needs. */
  private Set<Part> with(Part... parts) {
    Set<Part> all = EnumSet.copyOf(List.of(parts));
    if (recipe.classifier().adversarial().unlabelled() > 0) {
      all.add(Part.UNLABELLED);
    }
    return all;
  }

  static void checkLimit(int limit) {
    if (limit < 0) {
      throw UlmfitException.usage("limit " + limit + ": give a number of documents, or 0 for all");
    }
  }

  /**
   * {@code ulmfit prepare CORPUS --out DIR}: both, and the standardised corpus as CSV, reading the
   * corpus once. The lesson's files are {@code imdb_lm/} and {@code imdb_clas/} (train.csv,
   * test.csv, classes.txt), of any other recipe {@code csv/lm/} and {@code csv/classifier/}.
   *
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public PrepareReport all(Corpus corpus, Path outDir, int limit) {
    if (isPrepared(corpus)) {
      throw UlmfitException.usage(corpus + ": prepared already; give the raw corpus");
    }
    Set<Part> parts = with(Part.LM, Part.CLASSIFIER, Part.CSV);
    return made(corpus, Preparation.Vocabulary.BUILT, outDir, limit, parts, PrepareReport::of);
  }

  /**
   * {@code ulmfit prepare CORPUS --shard K/N --out DIR}: tokenizes the texts of a language model
   * that are one program's own, of several that share the work. A part that is there is left.
   *
   * @param parts folder of all parts, {@code part-00000} and so on
   * @return folder of the part
   * @throws UlmfitException (usage) as {@link #checkParts}, or if the folder holds parts that were
   *     made otherwise; (bad data) if the corpus cannot be used
   */
  public Path part(Corpus corpus, Shard own, Path parts) {
    checkParts(recipe);
    if (isPrepared(corpus)) {
      throw UlmfitException.usage(corpus + ": prepared already; give the raw corpus");
    }
    if (isParts(corpus)) {
      throw joinFirst(corpus);
    }
    if (corpus.isStandardInput()) {
      throw UlmfitException.usage(
          "--shard: every program reads the same input, which standard input cannot be; name a file"
              + " or folder");
    }
    progress.accept(recipe.text().describe());
    Path part = partFolder(parts, own);
    Map<String, String> settings = Fingerprint.ofPart(Fingerprint.ofPlace(corpus), recipe);
    if (TokenParts.has(parts, own, settings)) {
      progress.accept(part + ": is there already");
    } else {
      Folders.create(parts);
      new PartPreparation(corpus, recipe, own, progress, stop).write(part, settings);
    }
    return part;
  }

  /**
   * Whether a recipe can be followed part by part.
   *
   * @throws UlmfitException (usage) if it needs all texts at once: a tokenizer that is yet to be
   *     trained, or the lesson's order of documents
   */
  public static void checkParts(Recipe recipe) {
    if (TokenizerSpec.parse(recipe.text().tokenizer()) instanceof TokenizerSpec.Trained) {
      throw UlmfitException.usage(
          "text.tokenizer="
              + recipe.text().tokenizer()
              + ": no part has all the texts that it is to be trained on; make a tokenizer.json of"
              + " some of them with `ulmfit train-tokenizer` and give that");
    }
    if (Splitter.isLesson(recipe)) {
      throw UlmfitException.usage(
          "corpus.standardise=lesson needs all texts at once, not parts; --set"
              + " corpus.standardise=plain");
    }
  }

  /** The folder of a part, in one that has all of them. */
  public static Path partFolder(Path parts, Shard own) {
    return TokenParts.folder(parts, own);
  }

  /** Whether a folder holds parts that {@link #join} makes prepared data of. */
  public static boolean isParts(Corpus corpus) {
    return corpus.path() != null && TokenParts.isOne(corpus.path());
  }

  /**
   * {@code ulmfit prepare PARTS --out DIR}: prepared data for a language model of all parts. It
   * does not depend on their number. Which texts validate follows from each text and the seed.
   *
   * @param corpus a folder of which {@link #isParts} says yes
   * @throws UlmfitException (bad data) if parts are missing, damaged or do not go together; (usage)
   *     if the recipe makes other tokens of texts
   */
  public PrepareReport join(Corpus corpus, Path outDir) {
    if (corpus.valid() != null || corpus.test() != null) {
      throw UlmfitException.usage(
          corpus + ": parts of prepared data, which take no validation or test data any more");
    }
    if (!corpus.options().equals(CorpusOptions.defaults())) {
      throw UlmfitException.usage(
          corpus
              + ": parts of prepared data, whose texts were read already; leave out the options of"
              + " how they are read");
    }
    Path parts = Objects.requireNonNull(corpus.path());
    List<TokenPart> all = TokenParts.all(parts);
    progress.accept(recipe.text().describe());
    progress.accept(Shown.format("%s: %d of %d parts", parts, all.size(), all.size()));
    Fingerprint.checkParts(parts, all.get(0).listing().origin().settings(), recipe);
    Map<String, String> settings = Joining.settings(all, recipe);
    Folders.create(outDir);
    PrepareReport there = thereAlready(outDir, settings, PrepareReport::of);
    if (there != null) {
      return there;
    }
    new Joining(parts, recipe, outDir, progress).run(all, settings);
    return PrepareReport.of(PreparedFolder.read(outDir));
  }

  /**
   * {@code ulmfit prepare CORPUS --dry-run}: tells what {@link #all} would tell of the splits,
   * their labels and unknown words.
   *
   * @param scratch a folder that is thrown away
   * @throws UlmfitException (bad data) if the corpus cannot be used, naming file and row or byte
   */
  public void look(Corpus corpus, Path scratch, int limit) {
    Set<Part> parts = with(Part.LM, Part.CLASSIFIER);
    made(corpus, Preparation.Vocabulary.BUILT, scratch, limit, parts, folder -> folder);
  }

  /**
   * What is made of the folder that holds the parts: the corpus itself if it is one, else outDir,
   * prepared if it is not there as it is asked for.
   */
  private <T> T made(
      Corpus corpus,
      Preparation.Vocabulary vocabulary,
      Path outDir,
      int limit,
      Set<Part> parts,
      Function<PreparedFolder, T> opener) {
    checkLimit(limit);
    if (isParts(corpus)) {
      throw joinFirst(corpus);
    }
    progress.accept(recipe.text().describe());
    Folders.create(outDir);
    if (isPrepared(corpus)) {
      PreparedFolder folder = PreparedFolder.of(corpus);
      Fingerprint.checkRecipe(folder, recipe, progress);
      folder.summary().remarks().forEach(progress);
      return opener.apply(folder);
    }
    var settings = Fingerprint.of(corpus, recipe, vocabulary.given(), vocabulary.kept(), limit);
    if (vocabulary.goesOn() != null) {
      settings.put("goesOn", Fingerprint.ofNames(vocabulary.labels()));
    }
    settings.put("parts", parts.stream().sorted().toList().toString());
    T there = thereAlready(outDir, settings, opener);
    if (there != null) {
      return there;
    }
    new Preparation(corpus, recipe, outDir, progress, stop).run(vocabulary, limit, parts, settings);
    return opener.apply(PreparedFolder.read(outDir));
  }

  private static UlmfitException joinFirst(Corpus corpus) {
    return UlmfitException.usage(
        corpus
            + ": parts of prepared data; join them first: ulmfit prepare "
            + corpus
            + " --out DIR");
  }

  /** What is made of a folder that was prepared as it is asked for; null: none is there. */
  private <T> @Nullable T thereAlready(
      Path outDir, Map<String, String> settings, Function<PreparedFolder, T> opener) {
    if (!PreparedFolder.isOne(outDir)) {
      return null;
    }
    try {
      PreparedFolder folder = PreparedFolder.read(outDir);
      if (Fingerprint.isMetBy(folder.settings(), settings)) {
        T there = opener.apply(folder);
        progress.accept("using the prepared data in " + outDir);
        folder.summary().remarks().forEach(progress);
        return there;
      }
      progress.accept(outDir + ": prepared otherwise than asked now; preparing again");
    } catch (UlmfitException e) {
      progress.accept("WARNING: " + e.getMessage() + ": this is done now");
    }
    return null;
  }
}
