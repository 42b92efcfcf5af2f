package org.ulmfit.prepare;

import java.util.Optional;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Scripts;
import org.ulmfit.vocab.Vocab;

/**
 * What the letters of a corpus say of the tokenizer and the pretrained model that are to read it,
 * before anything is trained.
 */
final class CorpusScript {
  private static final int FEW = 100; // letters that say nothing yet

  /** A script is a vocabulary's own if it has this share of its words. */
  private static final double OWN = 0.005;

  /**
   * A pretrained model that has words for fewer of the letters is refused. A corpus of two
   * languages, one of them the model's, stays above it, and one with names of another script, too.
   */
  private static final double LEAST = 0.25;

  private CorpusScript() {}

  /**
   * A line if English words are asked for and less than half of the letters are Latin.
   *
   * @param pretrained whether a pretrained model decides the tokenizer
   */
  static Optional<String> warning(Scripts letters, Recipe.Text text, boolean pretrained) {
    boolean english = TokenizerSpec.parse(text.tokenizer()) instanceof TokenizerSpec.Word;
    if (!english || letters.letters() < FEW || letters.latin() >= 0.5) {
      return Optional.empty();
    }
    return Optional.of(
        Shown.format(
            "WARNING: %.1f%% of the letters are Latin, most are %s, but %s cuts English words%s; add"
                + " %s%s",
            100 * letters.latin(),
            letters.name(),
            text.tokenizer(),
            letters.areUnparted() ? ", so that a whole clause becomes one token" : "",
            pretrained ? "--from-scratch " : "",
            remedy(letters)));
  }

  private static String remedy(Scripts letters) {
    return letters.areUnparted()
        ? "--tokenizer icu, which finds the words"
        : "--tokenizer icu (words of any language) or --tokenizer train:15000 (pieces of words)";
  }

  /**
   * Refuses a pretrained model that has hardly a word in the script of a corpus.
   *
   * @param corpus for the message
   * @param pretrained the model's vocabulary
   * @throws UlmfitException (usage) if the model cannot be of use
   */
  static void check(String corpus, Scripts letters, Vocab pretrained, Recipe.Text text) {
    // the pieces of a tokenizer file may be bytes, which have no script
    boolean pieces = TokenizerSpec.parse(text.tokenizer()).makesPieces();
    if (pieces || letters.letters() < FEW) {
      return;
    }
    double known = letters.known(pretrained, text.rules(), OWN);
    if (known < LEAST) {
      throw UlmfitException.usage(
          Shown.format(
              "%s: %.1f%% of its letters are of scripts that the pretrained model has hardly a word"
                  + " of, most are %s; train a new model with --from-scratch %s, or give one of"
                  + " that language with --pretrained",
              corpus,
              100 * (1 - known),
              letters.name(),
              letters.areUnparted() ? "--tokenizer icu" : "(and --tokenizer icu)"));
    }
  }
}
