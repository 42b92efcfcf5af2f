package org.ulmfit.prepare;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ulmfit.Shown;
import org.ulmfit.config.Recipe;
import org.ulmfit.vocab.Coverage;

/**
 * What is said of the words of each set that the vocabulary does not know: their share always, a
 * warning with the likely cause where there are many.
 */
final class UnknownWords {
  /** Whose vocabulary it is. */
  enum Origin {
    /** Made of the training texts. */
    BUILT,
    /** An encoder's that a classifier is to be trained on. */
    ENCODER,
    /** A model's that is measured. */
    MODEL
  }

  private final Origin origin;
  private final Recipe recipe;
  private final boolean scriptTold;
  private final Map<String, Numericalization.Known> sets = new LinkedHashMap<>();

  /**
   * @param scriptTold whether it was told that the tokenizer is not for this script
   */
  UnknownWords(Origin origin, Recipe recipe, boolean scriptTold) {
    this.origin = origin;
    this.recipe = recipe;
    this.scriptTold = scriptTold;
  }

  /** Takes in a set; the first one is what a built vocabulary was built of. */
  void add(String set, Numericalization.Known words) {
    sets.put(set, words);
  }

  /** Shares by set. */
  Map<String, CorpusSummary.Unknown> shares() {
    Map<String, CorpusSummary.Unknown> shares = new LinkedHashMap<>();
    sets.forEach(
        (name, set) ->
            shares.put(
                name, new CorpusSummary.Unknown(set.coverage().unknown(), set.coverage().words())));
    return shares;
  }

  /** At most one line: of what the vocabulary was made of, or of the set with the largest share. */
  List<String> warnings() {
    String first = sets.keySet().iterator().next();
    Coverage training = known(first).coverage();
    if (scriptTold && areSentences(training)) {
      return List.of();
    }
    if (origin == Origin.BUILT && training.isMuchUnknown()) {
      return List.of(line(first, training, true));
    }
    Optional<String> worst =
        sets.keySet().stream()
            .filter(name -> known(name).coverage().isMuchUnknown())
            .max((a, b) -> Double.compare(share(a), share(b)));
    if (worst.isPresent()) {
      return List.of(line(worst.get(), known(worst.get()).coverage(), false));
    }
    return training.unparted().stream()
        .map(
            script ->
                "WARNING: the words of "
                    + first
                    + " are "
                    + script
                    + " and so long that they are whole sentences; "
                    + parting())
        .toList();
  }

  private static boolean areSentences(Coverage set) {
    return set.unparted().isPresent()
        || set.isMuchUnknown() && set.cause() == Coverage.Cause.UNPARTED;
  }

  private Numericalization.Known known(String set) {
    return Objects.requireNonNull(sets.get(set), set);
  }

  private double share(String set) {
    return known(set).coverage().share();
  }

  private String line(String name, Coverage set, boolean rare) {
    boolean known = set.cause() != Coverage.Cause.UNPARTED && set.cause() != Coverage.Cause.PIECES;
    String why =
        rare && known
            ? rare(known(name).full())
            : origin == Origin.BUILT && set.cause() == Coverage.Cause.OTHER
                ? "they do not occur in the training texts, which are few or of another kind; more"
                    + " such texts make them known"
                : set.why() + "; " + remedy(set);
    return Shown.format(
        "WARNING: %.1f%% of the words of %s are unknown: %s", 100 * set.share(), name, why);
  }

  /** Of words that the vocabulary was made of. */
  private String rare(boolean full) {
    Recipe.Vocabulary sizes = recipe.vocab();
    return full
        ? Shown.format("the vocabulary is full; raise vocab.maxSize (it is %d)", sizes.maxSize())
        : Shown.format(
            "they are too rare for the vocabulary; more texts help, or --set vocab.minFreq=%d (it is"
                + " %d)",
            sizes.minFreqStrict() ? 0 : 1, sizes.minFreq());
  }

  private String remedy(Coverage set) {
    return switch (set.cause()) {
      case UNPARTED -> parting();
      case PIECES -> "take a tokenizer made for such texts: " + set.training();
      case SCRIPT, SYMBOLS, OTHER ->
          switch (origin) {
            case BUILT -> "texts of that kind among those it is trained on make them known";
            case ENCODER ->
                "train a language model on such texts ("
                    + set.training()
                    + "; with --set vocab.minFreq=1 if they are few) and give it with --encoder";
            case MODEL ->
                "the figures rest on the other words; train on such texts: "
                    + set.training()
                    + ", then classify";
          };
    };
  }

  private static String parting() {
    return "put blanks between the words, or train a language model with a tokenizer made for such"
        + " texts: lm-finetune --from-scratch --tokenizer icu";
  }
}
