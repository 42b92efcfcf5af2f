package org.ulmfit.model;

import static org.ulmfit.model.CardSections.bullet;
import static org.ulmfit.model.CardSections.name;
import static org.ulmfit.model.CardSections.number;
import static org.ulmfit.model.CardSections.percent;
import static org.ulmfit.model.CardSections.section;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.vocab.Scripts;
import org.ulmfit.vocab.Vocab;

/**
 * {@code README.md} of a model: what it is, what it was made of, how well it does, what it is for
 * and not for, and how to load it, after the model cards of Mitchell et al. 2019.
 *
 * @param labels null: it is no classifier
 * @param data where it came from, by name
 * @param parameters numbers that were learned
 */
record ModelCard(
    ModelConfig config,
    Vocab vocab,
    @Nullable List<String> labels,
    Map<String, Object> data,
    Evidence evidence,
    long parameters) {

  /** Of two labels one is rare if it has less than this share of the other's texts. */
  private static final double RARE = 0.2;

  /** So much of what is read is unknown that it should be told. */
  private static final double MUCH = 0.05;

  private static final String ENCODER = "encoder";

  /**
   * The whole card.
   *
   * @param dir the folder, with all other files in it
   */
  String markdown(Path dir) throws IOException {
    boolean encoder = config.kind().equals(ENCODER);
    String dataset = data.containsKey("corpus") ? "" + data.get("corpus") : "unknown";
    List<Evidence.Result> results = evidence.results();
    CardHeader header =
        new CardHeader(
            title(),
            config.text().language(),
            labels != null
                ? "text-classification"
                : encoder ? "feature-extraction" : "text-generation",
            tags(),
            dataset,
            encoder ? List.of() : results);
    StringBuilder card = new StringBuilder(header.yaml());
    card.append("\n# ").append(title()).append("\n\n").append(what());
    card.append(section("Intended use", use()));
    card.append(section("Data", CardSections.data(data, evidence)));
    if (labels != null) {
      card.append(CardSections.labels(labels, evidence));
    }
    card.append(section("Sizes", sizes(dir)));
    card.append(section("Metrics", metrics()));
    card.append(section("Limits", limits()));
    card.append(section("Licence", CardSections.licence(data)));
    card.append(
        section(
            "How to load it",
            labels != null
                ? CardUse.classifier(config.labelling(), config.fields())
                : CardUse.encoder(!encoder && !config.backward())));
    card.append("\nThe recipe is in `recipe.yaml`, versions and seed in `provenance.json`.\n");
    return card.toString();
  }

  private String title() {
    String kind =
        switch (config.kind()) {
          case "lm" -> "Language model";
          case ENCODER -> "Encoder";
          default -> "Text classifier";
        };
    return kind + " (" + config.family() + (config.backward() ? ", backward)" : ")");
  }

  private List<String> tags() {
    List<String> tags = new ArrayList<>(List.of("ulmfit", config.family(), "java"));
    if (labels != null && config.labelling() == Labelling.MULTI) {
      tags.add("multi-label-classification");
    }
    return tags;
  }

  private String what() {
    StringBuilder what = new StringBuilder(config.describe() + ".\n");
    what.append("Text rules ").append(config.text().rules());
    what.append(", tokenizer ").append(name(config.text().tokenizer()));
    if (config.text().normalise() != null) {
      what.append(", normal form ").append(config.text().normalise());
    }
    what.append(".\n");
    if (config.divisor() != 1) {
      what.append(
          Shown.format(
              "Its logits are divided by a temperature, %.3f, that validation rows chose.\n",
              config.divisor()));
    }
    if (config.text().language() != null) {
      what.append("Language: ").append(name(config.text().language())).append(".\n");
    }
    return labels == null ? what.toString() : what + CardSections.labelLine(labels);
  }

  private String use() {
    if (labels == null) {
      return config.kind().equals(ENCODER)
          ? "To start the training of a text classifier from.\n"
          : "To start the training of a text classifier from, or to write texts like those below;"
              + " what it writes\nis made up.\n";
    }
    return use(config.labelling());
  }

  /** What a classifier is for. */
  static String use(Labelling labelling) {
    return "To label texts like those it was trained on ("
        + (labelling == Labelling.SINGLE ? "one label each" : "any number of labels each")
        + "). Measure it on\nsome of your own before you rely on it: `ulmfit evaluate`. It should not"
        + " decide alone where an error\nharms somebody.\n";
  }

  private String sizes(Path dir) throws IOException {
    return bullet("parameters: " + number(parameters))
        + bullet("vocabulary: " + number(vocab.size()))
        + CardSections.files(dir);
  }

  private String metrics() {
    if (evidence.results().isEmpty()) {
      return "Not measured: `ulmfit evaluate` does it.\n";
    }
    String unit = labels == null ? "tokens" : "texts";
    String of =
        config.kind().equals(ENCODER) ? "Of the language model that it is part of.\n\n" : "";
    String intervals =
        labels == null
            ? "\nLoss is the mean cross-entropy of a token in nats, accuracy that of the next"
                + " token. Tokens of a text\ndepend on each other, so there are no intervals.\n"
            : "\nIntervals hold the figure with a confidence of 95%: Wilson's for shares, the middle of"
                + " 1,000 bootstrap\ndraws of the rows for F1. Validation rows decided when to stop and"
                + " what else was chosen: their figures\nflatter.\n";
    return of + CardSections.metrics(evidence.results(), unit) + intervals;
  }

  private String limits() {
    StringBuilder limits = new StringBuilder();
    limits.append(bullet(writing()));
    List<Evidence.Split> splits = evidence.splits();
    if (!splits.isEmpty()) {
      lengths(limits, splits.get(0));
      unknown(limits, splits.get(splits.size() - 1));
      if (labels != null) {
        balance(limits, splits.get(0).labels());
      }
    }
    boolean tested = evidence.results().stream().anyMatch(r -> r.split().equals("test"));
    if (labels != null && !tested) {
      limits.append(bullet("Not measured: rows that had no part in training."));
    }
    limits.append(
        bullet(
            "Not measured: texts of another source or time, groups of people that texts are by or"
                + " about, texts\n  written to mislead it."));
    return limits.toString();
  }

  private String writing() {
    Scripts scripts = new Scripts();
    vocab.itos().forEach(word -> scripts.add(word, 1));
    String letters =
        scripts.letters() == 0
            ? "Its vocabulary has no letters."
            : "Most letters of its vocabulary are " + scripts.name() + ".";
    return letters
        + (config.text().language() == null
            ? " The language is not stated."
            : " Other languages are unknown to it.");
  }

  private void lengths(StringBuilder limits, Evidence.Split train) {
    String pooled =
        config.head() == null
            ? ""
            : " It answers by the last " + number(config.head().maxLength()) + " tokens of a text.";
    limits.append(
        bullet(
            "Half of the texts it was trained on have no more than "
                + number(train.median())
                + " tokens, the longest "
                + number(train.longest())
                + "."
                + pooled));
  }

  private static void unknown(StringBuilder limits, Evidence.Split split) {
    if (split.unknown() != null && split.unknown() > MUCH) {
      limits.append(
          bullet(
              "Of the words of the rows of "
                  + split.name()
                  + " "
                  + percent(split.unknown())
                  + " are unknown to it: it takes them all for the same."));
    }
  }

  private static void balance(StringBuilder limits, List<Long> counts) {
    long most = counts.stream().mapToLong(n -> n).max().orElse(0);
    long fewest = counts.stream().mapToLong(n -> n).min().orElse(0);
    if (fewest < RARE * most) {
      limits.append(
          bullet(
              "Labels are uneven: the rarest has "
                  + number(fewest)
                  + " texts to train on, the commonest "
                  + number(most)
                  + "; look\n  at the figures label by label."));
    }
  }
}
