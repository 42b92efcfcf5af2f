package org.ulmfit.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;

/**
 * Writes the folder of an ensemble: its members, whole and independent of where they came from,
 * with equal files once.
 *
 * @param labels in index order
 * @param stacking null: probabilities are averaged
 * @param thresholds one for each label; null: one label a document
 * @param data where the members and the rows of the weights came from, for provenance and card
 * @param metrics numbers by name
 */
public record EnsembleWriter(
    List<Part> parts,
    List<String> labels,
    EnsembleConfig.@Nullable Stacking stacking,
    @Nullable List<Double> thresholds,
    Map<String, Object> data,
    Map<String, Object> metrics) {

  private static final int NAMED = 200; // labels on the card; all are in labels.json

  /**
   * A member to be.
   *
   * @param name of its folder
   * @param folder the model it is a copy of
   */
  public record Part(String name, ModelFolder folder) {}

  /**
   * Names for members: their number, and what their folder is called.
   *
   * @param models model folders, or runs that hold one
   */
  public static List<String> names(List<Path> models) {
    List<String> names = new ArrayList<>();
    for (Path model : models) {
      Path called = model.toAbsolutePath().normalize();
      Path last = called.getFileName();
      if (last != null && last.toString().equals("classifier") && called.getParent() != null) {
        last = called.getParent().getFileName(); // the run says more
      }
      String plain = last == null ? "" : last.toString().replaceAll("[^0-9A-Za-z._-]+", "-");
      plain = plain.replaceFirst("^\\d+-", ""); // a member of another ensemble
      String name = (names.size() + 1) + (plain.isEmpty() ? "" : "-" + plain);
      names.add(name.substring(0, Math.min(80, name.length())));
    }
    return names;
  }

  /**
   * Writes the folder aside and renames it.
   *
   * @throws UlmfitException (usage) if the target exists and may not be replaced
   */
  public void write(Path target, boolean overwrite) {
    ModelFolder.write(
        target,
        overwrite,
        dir -> {
          EnsembleConfig config = EnsembleConfig.of(copy(dir), stacking, thresholds);
          Files.writeString(dir.resolve("config.json"), config.json());
          ModelWriter.json(dir.resolve("labels.json"), labels);
          Map<String, Object> provenance = ModelWriter.versions();
          provenance.put("data", data);
          ModelWriter.json(dir.resolve("provenance.json"), provenance);
          ModelWriter.json(dir.resolve("metrics.json"), metrics);
          Files.writeString(dir.resolve("README.md"), card());
        });
  }

  /** Copies what no earlier member holds already. */
  private List<EnsembleConfig.Member> copy(Path dir) throws IOException {
    Map<Map.Entry<String, String>, String> holders = new HashMap<>(); // (file, sha256) to member
    List<EnsembleConfig.Member> members = new ArrayList<>();
    for (Part part : parts) {
      Map<String, String> shares = new LinkedHashMap<>();
      for (String file : part.folder().files()) {
        String sum = part.folder().sha256(file);
        String holder = holders.putIfAbsent(Map.entry(file, sum), part.name());
        if (holder != null) {
          shares.put(file, holder);
        } else {
          Path copy = ModelFolder.memberFile(dir, part.name(), file);
          Files.createDirectories(Objects.requireNonNull(copy.getParent()));
          Files.copy(part.folder().file(file), copy);
        }
      }
      members.add(new EnsembleConfig.Member(part.name(), shares));
    }
    return members;
  }

  private String card() {
    StringBuilder card = new StringBuilder("# ulmfit ensemble\n\n");
    card.append(parts.size()).append(" classifiers that answer together; ");
    card.append(
        stacking == null
            ? "their probabilities are averaged.\n"
            : "their logits are summed with weights learned on validation rows.\n");
    card.append("Labels: ").append(Shown.markdown(Shown.list(labels, NAMED))).append(".\n");
    card.append("\n## Members\n\n");
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      ModelConfig config = ModelConfig.of(part.folder());
      card.append("- ").append(Shown.markdown(part.name())).append(": ");
      card.append(config.direction()).append(' ').append(config.family());
      String cutBy = config.text().tokenizer();
      boolean own = part.folder().has(ModelConfig.TOKENIZER);
      card.append(", tokenizer ")
          .append(own ? ModelConfig.TOKENIZER : Shown.markdown(Shown.escaped(cutBy)));
      if (config.architecture() != null) {
        card.append(", vocabulary ").append(config.architecture().vocabularySize());
      }
      if (stacking != null) {
        card.append(", weight ").append(stacking.weights().get(i));
      }
      card.append('\n');
    }
    ModelWriter.section(card, "Data", data);
    ModelWriter.section(card, "Metrics", metrics);
    card.append("\nEach member's own card and provenance lie in `members/NAME`.\n");
    return card.toString();
  }
}
