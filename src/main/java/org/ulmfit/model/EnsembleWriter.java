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
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
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
 * @param measured what the card tells of them; null: nothing was measured
 */
public record EnsembleWriter(
    List<Part> parts,
    List<String> labels,
    EnsembleConfig.@Nullable Stacking stacking,
    @Nullable List<Double> thresholds,
    Map<String, Object> data,
    Map<String, Object> metrics,
    Evidence.@Nullable Result measured) {

  /** The data's entry for the rows that weights were learned on. */
  public static final String LEARNED_ON = "weights learned on";

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
          Files.writeString(dir.resolve(ModelFolder.CARD), card(dir));
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
        boolean edited = file.equals(ModelFolder.CARD); // or may be: its checksum tells nothing
        String holder = edited ? null : holders.putIfAbsent(Map.entry(file, sum), part.name());
        if (holder != null) {
          shares.put(file, holder);
        } else {
          Path copy = ModelFolder.memberFile(dir, part.name(), file);
          Files.createDirectories(Objects.requireNonNull(copy.getParent()));
          AtomicFiles.copy(part.folder().file(file), copy);
        }
      }
      members.add(new EnsembleConfig.Member(part.name(), shares));
    }
    return members;
  }

  private String card(Path dir) throws IOException {
    Labelling labelling = thresholds == null ? Labelling.SINGLE : Labelling.MULTI;
    List<ModelConfig> configs = parts.stream().map(part -> ModelConfig.of(part.folder())).toList();
    List<Evidence.Result> results = measured == null ? List.of() : List.of(measured);
    return new EnsembleCard(labels, labelling, configs, data, results)
        .markdown(what() + members(configs), dir);
  }

  private String what() {
    return parts.size()
        + " classifiers that answer together; "
        + (stacking == null
            ? "their probabilities are averaged.\n"
            : "their logits are summed with weights learned on rows that were held out.\n")
        + CardSections.labelLine(labels);
  }

  private String members(List<ModelConfig> configs) {
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      ModelConfig config = configs.get(i);
      StringBuilder line = new StringBuilder(CardSections.name(part.name())).append(": ");
      line.append(config.direction()).append(' ').append(config.family());
      String cutBy = config.text().tokenizer();
      boolean own = part.folder().has(ModelConfig.TOKENIZER);
      line.append(", tokenizer ").append(own ? ModelConfig.TOKENIZER : CardSections.name(cutBy));
      if (config.architecture() != null) {
        line.append(", vocabulary ").append(config.architecture().vocabularySize());
      }
      if (stacking != null) {
        line.append(", weight ").append(stacking.weights().get(i));
      }
      members.append(CardSections.bullet(line.toString()));
    }
    return CardSections.section("Members", members.toString());
  }
}
