package org.ulmfit.model;

import static org.ulmfit.model.CardSections.bullet;
import static org.ulmfit.model.CardSections.section;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;

/**
 * {@code README.md} of an ensemble.
 *
 * @param members what each is
 * @param data where they and the rows of their weights came from
 * @param results none: nothing was measured
 */
record EnsembleCard(
    List<String> labels,
    Labelling labelling,
    List<ModelConfig> members,
    Map<String, Object> data,
    List<Evidence.Result> results) {

  private static final String TITLE = "Ensemble of text classifiers";

  /**
   * The whole card.
   *
   * @param what it is and is made of
   * @param dir the folder, with all other files in it
   */
  String markdown(String what, Path dir) throws IOException {
    CardHeader header =
        new CardHeader(
            TITLE,
            language(),
            "text-classification",
            tags(),
            "" + data.getOrDefault(EnsembleWriter.LEARNED_ON, "unknown"),
            results);
    StringBuilder card = new StringBuilder(header.yaml());
    card.append("\n# ").append(TITLE).append("\n\n").append(what);
    card.append(section("Intended use", ModelCard.use(labelling)));
    card.append(section("Data", CardSections.data(data, Evidence.NONE)));
    card.append(section("Sizes", CardSections.files(dir)));
    card.append(section("Metrics", metrics()));
    card.append(
        section(
            "Limits",
            bullet("Those of its members: their cards tell them.")
                + bullet("Not measured: rows that had no part in training or in the weights.")));
    card.append(section("Licence", CardSections.licence(Map.of())));
    card.append(section("How to load it", CardUse.classifier(labelling, fields())));
    card.append("\nEach member's own card and provenance lie in `members/NAME`.\n");
    return card.toString();
  }

  private String metrics() {
    return results.isEmpty()
        ? "Not measured: `ulmfit evaluate` does it.\n"
        : CardSections.metrics(results, "texts")
            + "\nThe interval holds the share with a confidence of 95% (Wilson). Each row was answered"
            + " with weights that were\nlearned on the others; the members may have seen it before.\n";
  }

  private List<String> tags() {
    List<String> tags = new ArrayList<>(List.of("ulmfit", "ensemble"));
    members.stream().map(ModelConfig::family).distinct().forEach(tags::add);
    tags.add("java");
    if (labelling == Labelling.MULTI) {
      tags.add("multi-label-classification");
    }
    return tags;
  }

  /** Of all members; null: they differ, or it is not known. */
  private @Nullable String language() {
    Set<String> all =
        members.stream()
            .map(member -> Objects.requireNonNullElse(member.text().language(), ""))
            .collect(Collectors.toCollection(TreeSet::new));
    String first = all.iterator().next();
    return all.size() > 1 || first.isEmpty() ? null : first;
  }

  private int fields() {
    return members.stream()
        .map(ModelConfig::input)
        .filter(Objects::nonNull)
        .mapToInt(input -> input.fields())
        .findFirst()
        .orElse(1);
  }
}
