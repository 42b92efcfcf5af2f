package org.ulmfit.subword;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.text.RuledText;

/**
 * Trains a subword tokenizer and writes it as a Hugging Face {@code tokenizer.json}. The texts are
 * read once, as a stream, and their rules applied; memory is bounded by the number of distinct
 * words, so a run without a break is cut beyond a length. The special tokens of the rules are
 * pieces and are kept whole.
 */
public final class TokenizerTraining {
  /** What a stop says of the work so far. */
  static final String STOPPED = "while the tokenizer was trained; nothing was written";

  /** Share of the pieces from which on they are warned of: one for the line end itself is none. */
  private static final double MOST_LINE_ENDS = 0.005;

  private final Settings settings;
  private final Recipe.Text text;
  private final Consumer<String> told;
  private final Stop stop;

  /** How pieces are found. */
  public enum Type {
    /** Byte-pair encoding: merges. */
    BPE,
    /** A unigram language model. */
    UNIGRAM
  }

  /**
   * What is wanted.
   *
   * @param size pieces, special tokens and single characters among them
   * @param leastCount of BPE: how often two neighbours must occur to become a piece
   * @param longestRun characters of a run without a break, beyond which it is cut
   */
  public record Settings(Type type, int size, int leastCount, int longestRun) {}

  /**
   * What came of it.
   *
   * @param pieces in the file
   * @param characters single ones among them
   * @param texts read
   * @param read UTF-16 units of them, behind the rules
   * @param words distinct ones
   * @param cuts how often a run without a break was cut
   */
  public record Result(int pieces, int characters, long texts, long read, int words, long cuts) {}

  /**
   * @param text rules and field markers of the texts; its tokenizer is not looked at
   * @param told receives lines worth showing
   */
  public TokenizerTraining(Settings settings, Recipe.Text text, Consumer<String> told, Stop stop) {
    this.settings = settings;
    this.text = text;
    this.told = told;
    this.stop = stop;
  }

  /**
   * Reads, trains, writes.
   *
   * @param name of the texts, for messages
   * @param out written whole or not at all; replaced if it is there
   * @throws UlmfitException (bad data) if the texts make fewer pieces than wanted, with how many
   *     they do make
   */
  public Result train(String name, Texts texts, Path out) {
    List<String> specials = text.rules().marks();
    WordCounting.Counted counted = count(texts, specials);
    Words words = Words.of(counted.counts());
    int characters = words.alphabet().length;
    Result result =
        new Result(
            settings.size(),
            characters,
            counted.texts(),
            counted.characters(),
            words.size(),
            counted.cuts());
    tell(result);
    checkRoom(name, specials.size(), characters);
    AtomicFiles.write(out, trained(name, specials, words).bytes());
    return result;
  }

  private WordCounting.Counted count(Texts texts, List<String> specials) {
    return new WordCounting(
            () ->
                new RuledText(
                    text.rules(), text.markFields(), text.fieldNumbers(), text.normalise()),
            () -> new PreTokens(specials, settings.longestRun(), new WordCounts()),
            stop)
        .count(texts);
  }

  private TokenizerJson trained(String name, List<String> specials, Words words) {
    int characters = words.alphabet().length;
    if (settings.type() == Type.UNIGRAM) {
      var pieces = UnigramTrainer.train(words, settings.size(), specials.size(), stop);
      checkEnough(name, pieces.size() + specials.size(), characters);
      tellLineEnds(pieces.stream().map(UnigramTrainer.Piece::text).toList());
      return TokenizerJson.unigram(specials, pieces);
    }
    BpeTrainer.Result bpe =
        new BpeTrainer(specials, settings.size(), settings.leastCount(), stop).train(words);
    checkEnough(name, bpe.pieces().size(), characters);
    tellLineEnds(bpe.pieces());
    return TokenizerJson.bpe(specials, bpe);
  }

  private void tellLineEnds(List<String> pieces) {
    long held = pieces.stream().filter(piece -> piece.indexOf('\n') >= 0).count();
    if (held > MOST_LINE_ENDS * pieces.size()) {
      told.accept(
          line(
              "WARNING: %,d of %,d pieces hold a line end; the rules fastai-2-subword take line ends"
                  + " for blanks, as fastai does for subwords (--set text.rules=fastai-2-subword)",
              held, pieces.size()));
    }
  }

  private void tell(Result result) {
    told.accept(
        line(
            "%,d texts, %,d characters: %,d distinct words of %,d distinct characters",
            result.texts(), result.read(), result.words(), result.characters()));
    if (result.cuts() > 0) {
      told.accept(
          line(
              "runs of over %,d characters without a break were cut, %,d times",
              settings.longestRun(), result.cuts()));
    }
  }

  private void checkRoom(String name, int specials, int characters) {
    int least = specials + characters;
    if (settings.size() < least) {
      throw UlmfitException.badData(
          line(
              "%s: %,d pieces cannot hold its %,d distinct characters and %,d special tokens; ask"
                  + " for at least %d",
              name, settings.size(), characters, specials, least));
    }
  }

  private void checkEnough(String name, int pieces, int characters) {
    if (pieces < settings.size()) {
      throw UlmfitException.badData(
          line(
              "%s: too small for %,d pieces: it makes %,d, %,d single characters among them; ask"
                  + " for at most %d or give more text",
              name, settings.size(), pieces, characters, pieces));
    }
  }

  private static String line(String format, Object... values) {
    return Shown.format(format, values);
  }
}
