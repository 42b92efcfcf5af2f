package org.ulmfit.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.text.Normalise;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.TextEncoder;
import org.ulmfit.vocab.Vocab;

/**
 * A saved model brings its own text profile, save that a recipe may name another language. A recipe
 * that asks for another value than the default and than the model's contradicts it. Its sizes rule
 * without question: a recipe's are for training from scratch.
 */
public final class ModelSettings {

  private ModelSettings() {}

  /**
   * A recipe with the text profile and sizes that a saved model decides.
   *
   * @param where the model, for the message
   * @throws UlmfitException (usage) if the recipe contradicts it
   */
  public static Recipe decide(Recipe asked, ModelConfig model, Path where) {
    ModelConfig.TextProfile has = model.text();
    ModelConfig.TextProfile wants = ModelConfig.TextProfile.of(asked.text());
    ModelConfig.TextProfile usual = ModelConfig.TextProfile.of(Recipes.defaults().text());
    check("text.rules", wants.rules(), has.rules(), usual.rules(), where);
    boolean same = TokenizerSpec.same(wants.tokenizer(), has.tokenizer());
    String tokenizer = same ? has.tokenizer() : wants.tokenizer();
    check("text.tokenizer", tokenizer, has.tokenizer(), usual.tokenizer(), where);
    check("text.markFields", wants.markFields(), has.markFields(), usual.markFields(), where);
    check(
        "text.fieldNumbers", wants.fieldNumbers(), has.fieldNumbers(), usual.fieldNumbers(), where);
    check("text.normalise", wants.normalise(), has.normalise(), usual.normalise(), where);
    Recipe.Text text = model.readingRecipe().text();
    String language = asked.text().language();
    boolean told = !language.equals(Recipes.defaults().text().language());
    AwdLstmSizes a = model.awdLstm();
    return asked.with(
        told ? text.in(language) : text,
        new Recipe.Model(a.embeddingSize(), a.hiddenSize(), a.layers(), a.decoderBias()));
  }

  /**
   * {@link #decide} of a classifier on an encoder: a tokenizer that was to be trained is the
   * encoder's, if it has one of its own. So one recipe serves both trainings.
   *
   * @throws UlmfitException (usage) if the recipe contradicts it
   */
  public static Recipe decideOnEncoder(Recipe asked, ModelConfig model, Path where) {
    String wants = asked.text().tokenizer();
    String has = model.text().tokenizer();
    boolean trained =
        TokenizerSpec.parse(wants) instanceof TokenizerSpec.Trained
            && TokenizerSpec.parse(has) instanceof TokenizerSpec.Subword;
    return decide(
        trained ? asked.with(asked.text().cutBy(has), asked.model()) : asked, model, where);
  }

  /**
   * {@link #decide} of a classifier that is trained on, with the shape of its head and how it
   * reads.
   *
   * @throws UlmfitException (usage) if the recipe contradicts it
   */
  public static Recipe decideClassifier(Recipe asked, ModelConfig model, Path where) {
    ModelConfig.Head has = Objects.requireNonNull(model.head()); // a classifier has one
    ModelConfig.Head wants = ModelConfig.Head.of(has.classes(), asked.classifier());
    ModelConfig.Head usual = ModelConfig.Head.of(has.classes(), Recipes.defaults().classifier());
    List<String> keys = new ArrayList<>();
    for (Key key : HEAD) {
      check(
          key.name,
          key.of.apply(wants),
          key.of.apply(has),
          key.of.apply(usual),
          where,
          "train a new classifier on its encoder (--encoder)");
      keys.add(key.name + "=" + key.of.apply(has));
    }
    return decideOnEncoder(Recipes.with(asked, keys), model, where);
  }

  /**
   * A recipe with the text profile of a sentence encoder: its tokenizer, and no rules before it.
   *
   * @param tokenizer the file that holds it
   * @param where the encoder, for the message
   * @throws UlmfitException (usage) if the recipe contradicts it
   */
  public static Recipe decideEmbedder(Recipe asked, Path tokenizer, Path where) {
    Recipe.Text wants = asked.text();
    Recipe.Text usual = Recipes.defaults().text();
    String otherwise = "take a family that learns of the texts alone";
    check("text.rules", wants.rules(), Rules.NONE, usual.rules(), where, otherwise);
    if (!wants.tokenizer().equals(usual.tokenizer())
        && !TokenizerSpec.same(wants.tokenizer(), tokenizer.toString())) {
      check(
          "text.tokenizer",
          wants.tokenizer(),
          tokenizer.toString(),
          usual.tokenizer(),
          where,
          otherwise);
    }
    check("text.normalise", wants.normalise(), Normalise.NONE, usual.normalise(), where, otherwise);
    if (!asked.vocab().equals(Recipes.defaults().vocab())) {
      throw UlmfitException.usage(
          "vocab: the sentence encoder in " + where + " has pieces of its own; leave its keys out");
    }
    return asked.with(
        new Recipe.Text(
            Rules.NONE,
            tokenizer.toString(),
            wants.markFields(),
            wants.fieldNumbers(),
            Normalise.NONE,
            wants.language()),
        asked.model());
  }

  /** A recipe key that a head decides. */
  private record Key(String name, Function<ModelConfig.Head, Object> of) {}

  private static final List<Key> HEAD =
      List.of(
          new Key("classifier.headSize", ModelConfig.Head::hiddenSize),
          new Key("classifier.headBias", ModelConfig.Head::bias),
          new Key("classifier.encoder", ModelConfig.Head::encoder),
          new Key("classifier.bptt", ModelConfig.Head::bptt),
          new Key("classifier.maxLength", ModelConfig.Head::maxLength));

  private static void check(
      String key,
      @Nullable Object asked,
      @Nullable Object model,
      @Nullable Object usual,
      Path where) {
    check(key, asked, model, usual, where, "train a language model with it (--from-scratch)");
  }

  private static void check(
      String key,
      @Nullable Object asked,
      @Nullable Object model,
      @Nullable Object usual,
      Path where,
      String otherwise) {
    if (!Objects.equals(asked, model) && !Objects.equals(asked, usual)) {
      throw UlmfitException.usage(
          key
              + ": "
              + asked
              + " contradicts the model in "
              + where
              + ", which has "
              + (model == null ? "none" : model)
              + "; leave the key out, or "
              + otherwise);
    }
  }

  /**
   * What makes ids of texts as a recipe says.
   *
   * @throws UlmfitException as {@link TextEncoder#of}
   */
  public static TextEncoder encoder(Recipe.Text text, Vocab vocab) {
    return TextEncoder.of(
        text.rules(),
        TokenizerSpec.parse(text.tokenizer()),
        text.markFields(),
        text.fieldNumbers(),
        text.normalise(),
        vocab);
  }
}
