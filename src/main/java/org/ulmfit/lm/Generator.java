package org.ulmfit.lm;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.Safetensors;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.model.ModelSettings;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.NextWord;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.random.NumpyRandom;
import org.ulmfit.text.ReadableText;
import org.ulmfit.text.Rules;
import org.ulmfit.vocab.TextEncoder;
import org.ulmfit.vocab.Vocab;

/** Lets a language model write: word after word, drawn of what it expects. */
public final class Generator implements AutoCloseable {
  private static final Set<String> ENDS = Set.of("xxbos", "xbos", "xxeos");

  private final ModelConfig config;
  private final Vocab vocab;
  private final TextEncoder encoder;
  private final Pretrained weights;
  private final Backend backend;

  /**
   * What was written.
   *
   * @param tokens drawn, the mark of an end not counted
   * @param ended whether the model ended the text before it was as long as asked for
   */
  public record Written(int tokens, boolean ended) {}

  private Generator(Pretrained weights, TextEncoder encoder, Backend backend) {
    this.weights = weights;
    this.config = weights.config();
    this.vocab = weights.vocab();
    this.encoder = encoder;
    this.backend = backend;
  }

  /**
   * Opens a language model.
   *
   * @param model folder of kind lm, or a run that holds one
   * @param device {@code auto | cpu | cuda:N}
   * @throws UlmfitException (bad model) if it is none, or reads backwards
   */
  public static Generator open(Path model, String device) {
    Pretrained weights = Pretrained.open(model, "lm");
    ModelConfig config = weights.config();
    if (!config.kind().equals("lm")) {
      throw UlmfitException.badModel(
          model + ": an encoder predicts no words; give the language model");
    }
    if (config.backward()) {
      throw UlmfitException.badModel(
          model + ": reads texts from their ends; give a model that reads forwards");
    }
    TextEncoder encoder = ModelSettings.encoder(config.readingRecipe().text(), weights.vocab());
    try {
      Precision precision = Precision.of("fp32", Torch.device(device));
      return new Generator(weights, encoder, Backend.open(Torch.device(device), precision));
    } catch (RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }

  /**
   * Writes on.
   *
   * @param prompt what the text begins with; may be empty
   * @param length tokens at most
   * @param told gets the text piece by piece, the prompt's first
   * @throws UlmfitException (interrupted) after a stop request
   */
  public Written write(
      String prompt, int length, Sampling sampling, long seed, Consumer<String> told, Stop stop) {
    Rules rules = encoder.rules();
    ReadableText text = ReadableText.of(rules, encoder.tokenizer(), vocab.itos());
    List<String> tokens = encoder.tokens(List.of(prompt));
    if (tokens.isEmpty()) {
      tokens = List.of(rules.unknown());
    }
    tokens.forEach(token -> told.accept(text.next(token)));
    NumpyRandom random = new NumpyRandom(seed);
    try (Safetensors.Reader file = weights.weights();
        NextWord next =
            NextWord.open(
                backend.manager(),
                backend.kernels(),
                LanguageModel.sizes(config.awdLstm()),
                file)) {
      float[] logits = next.after(encoder.ids(tokens));
      for (int written = 0; written < length; written++) {
        stop.check("after " + written + " tokens");
        logits[vocab.unknownId()] = Float.NEGATIVE_INFINITY;
        logits[vocab.padId()] = Float.NEGATIVE_INFINITY;
        int word = sampling.draw(logits, random);
        String token = vocab.itos(word);
        if (isEnd(token)) {
          return new Written(written, true);
        }
        told.accept(text.next(token));
        logits = written + 1 < length ? next.after(word) : logits;
      }
      return new Written(length, false);
    }
  }

  /** Texts stand one behind another in training: the start of the next is the end of this one. */
  private boolean isEnd(String token) {
    return encoder.rules().isMark(token) && ENDS.contains(token.replace("\u2581", ""));
  }

  @Override
  public void close() {
    encoder.close();
    backend.close();
  }
}
