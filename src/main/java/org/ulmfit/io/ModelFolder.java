package org.ulmfit.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ulmfit.UlmfitException;

/**
 * A model on disk, complete or refused:
 *
 * <pre>
 * config.json        {"kind": "classifier", "direction": "forward", "formatVersion": 2, ...}
 * vocab.txt          one JSON string literal per line
 * labels.json        classifiers only
 * model.safetensors  parameters under fastai's names
 * recipe.yaml, provenance.json, metrics.json, README.md
 * checksums.txt      written last; sha256 of every other file
 * </pre>
 */
public final class ModelFolder {

  /** The format this version writes and reads. */
  public static final int FORMAT_VERSION = 2;

  private static final List<String> KINDS = List.of("classifier", "lm", "encoder");
  private static final String CONFIG = "config.json";
  private static final String REMEDY = "copy the folder again or train it anew";

  private final Path path;
  private final String kind;
  private final JsonNode config;
  private final Set<String> files;

  private ModelFolder(Path path, String kind, JsonNode config, Set<String> files) {
    this.path = path;
    this.kind = kind;
    this.config = config;
    this.files = files;
  }

  /**
   * Writes a model folder. {@code fill} writes the files into the folder it is given; the checksums
   * are added, all is forced to disk, and the folder is renamed to {@code target}.
   *
   * @param overwrite whether an existing model is replaced, once the new one is complete; a folder
   *     that holds something else never is
   * @throws UlmfitException (usage) if the target exists; (bad model) if {@code fill} left the
   *     model incomplete; (failure) if it cannot be written
   */
  public static void write(Path target, boolean overwrite, IOConsumer<Path> fill) {
    if (Files.exists(target)) {
      if (!overwrite) {
        throw UlmfitException.usage(
            target + ": exists already; choose another folder or pass --overwrite");
      }
      if (!Files.isRegularFile(target.resolve(CONFIG))
          || !Files.isRegularFile(target.resolve(Checksums.FILE))) {
        throw UlmfitException.usage(
            target + ": holds something other than a model, so it is not replaced; move it away");
      }
    }
    AtomicFiles.writeFolder(
        target,
        part -> {
          fill.accept(part);
          kindOf(part, readConfig(part), target);
          Checksums.write(part);
        });
  }

  /**
   * Opens a model of one kind.
   *
   * @param dirOrRun the model folder, or the run folder that holds it as {@code lm}, {@code
   *     encoder} or {@code classifier}
   * @param kind {@code lm}, {@code encoder} or {@code classifier}
   * @throws UlmfitException (bad model) if it is incomplete, damaged, from a newer version or of
   *     another kind; (usage) if there is no model at that place
   */
  public static ModelFolder open(Path dirOrRun, String kind) {
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException("kind: " + kind);
    }
    ModelFolder model = load(find(dirOrRun, List.of(kind)));
    if (!model.kind.equals(kind)) {
      throw wrongKind(model.path, model.kind, kind);
    }
    return model;
  }

  /**
   * Opens a model of any kind; of a run's several models the classifier, else the language model.
   *
   * @throws UlmfitException as {@link #open(Path, String)}
   */
  public static ModelFolder open(Path dirOrRun) {
    return load(find(dirOrRun, KINDS));
  }

  /**
   * Kind of the model that {@link #open(Path)} would open, by its config alone.
   *
   * @throws UlmfitException as {@link #open(Path, String)}
   */
  public static String kind(Path dirOrRun) {
    Path dir = find(dirOrRun, KINDS);
    return kindOf(dir, readConfig(dir), dir);
  }

  private static Path find(Path dirOrRun, List<String> wanted) {
    restore(dirOrRun);
    if (!Files.isDirectory(dirOrRun)) {
      String problem = Files.exists(dirOrRun) ? "is a file, not a folder" : "no such folder";
      throw UlmfitException.usage(
          dirOrRun + ": " + problem + "; expected a model folder or a run folder");
    }
    if (Files.exists(dirOrRun.resolve(CONFIG))) {
      return dirOrRun;
    }
    for (String kind : wanted) {
      Path inner = dirOrRun.resolve(kind);
      restore(inner);
      if (Files.isDirectory(inner)) {
        return inner;
      }
    }
    List<String> present = new ArrayList<>(KINDS);
    present.removeIf(kind -> !Files.isDirectory(dirOrRun.resolve(kind)));
    if (!present.isEmpty()) {
      throw wrongKind(dirOrRun, present.get(0), wanted.get(0));
    }
    if (Files.exists(dirOrRun.resolve(Checksums.FILE))
        || Files.exists(dirOrRun.resolve("model.safetensors"))) {
      throw UlmfitException.badModel(
          dirOrRun + ": no " + CONFIG + ", so this model is incomplete; copy the folder again");
    }
    throw UlmfitException.usage(
        dirOrRun
            + ": no model here (no "
            + CONFIG
            + ", and no folder "
            + String.join(", ", wanted)
            + "); a training that was stopped must first be resumed and end");
  }

  private static void restore(Path dir) {
    try {
      AtomicFiles.restore(dir);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(dir, e);
    }
  }

  private static ModelFolder load(Path dir) {
    Map<String, String> sums = Checksums.verify(dir, "model");
    JsonNode config = readConfig(dir);
    String kind = kindOf(dir, config, dir);
    for (String name : required(kind)) {
      if (!sums.containsKey(name)) {
        throw UlmfitException.badModel(
            dir.resolve(Checksums.FILE) + ": does not list " + name + "; copy the folder again");
      }
    }
    return new ModelFolder(dir, kind, config, sums.keySet());
  }

  private static List<String> required(String kind) {
    List<String> names = new ArrayList<>(List.of(CONFIG, "vocab.txt", "model.safetensors"));
    if (kind.equals("classifier")) {
      names.add("labels.json");
    }
    return names;
  }

  private static JsonNode readConfig(Path dir) {
    Path file = dir.resolve(CONFIG);
    if (!Files.isRegularFile(file)) {
      throw UlmfitException.badModel(
          dir + ": no " + CONFIG + ", so this model is incomplete; copy the folder again");
    }
    return StrictJson.read(file, JsonNode.class, UlmfitException.Kind.BAD_MODEL, REMEDY);
  }

  /** Checks what every reader relies on; {@code shown} is the folder's name in messages. */
  private static String kindOf(Path dir, JsonNode config, Path shown) {
    Path file = shown.resolve(CONFIG);
    JsonNode version = config.path("formatVersion");
    if (!version.isInt() || version.intValue() < 1) {
      throw UlmfitException.badModel(
          file
              + ": formatVersion is "
              + (version.isMissingNode() ? "missing" : version)
              + "; expected "
              + FORMAT_VERSION);
    }
    if (version.intValue() < FORMAT_VERSION) {
      throw UlmfitException.badModel(
          file
              + ": formatVersion "
              + version
              + " is of an earlier ulmfit; train it again, or take its weights over: ulmfit import "
              + shown.resolve("model.safetensors")
              + " --vocab "
              + shown.resolve("vocab.txt")
              + (config.path("direction").asText().equals("backward") ? " --backwards" : "")
              + " --out DIR, with --rules, --tokenizer and --labels as its config.json and labels.json"
              + " tell");
    }
    if (version.intValue() > FORMAT_VERSION) {
      throw UlmfitException.badModel(
          file
              + ": formatVersion "
              + version
              + " is newer than this ulmfit reads ("
              + FORMAT_VERSION
              + "); install a newer ulmfit");
    }
    JsonNode kind = config.path("kind");
    if (!kind.isTextual() || !KINDS.contains(kind.textValue())) {
      throw UlmfitException.badModel(
          file
              + ": kind is "
              + (kind.isMissingNode() ? "missing" : kind)
              + "; expected lm, encoder or classifier");
    }
    for (String name : required(kind.textValue())) {
      if (!Files.isRegularFile(dir.resolve(name))) {
        throw UlmfitException.badModel(
            shown
                + ": no "
                + name
                + ", so this "
                + kind.textValue()
                + " is incomplete; copy the folder again or train it anew");
      }
    }
    return kind.textValue();
  }

  private static UlmfitException wrongKind(Path dir, String found, String wanted) {
    String remedy =
        switch (wanted) {
          case "classifier" ->
              "train one with `ulmfit classify CORPUS --encoder " + dir + " --out RUN`";
          case "lm" -> "make one with `ulmfit lm-finetune CORPUS --out RUN`";
          default -> "make one with `ulmfit lm-finetune CORPUS --out RUN` and pass that RUN";
        };
    return UlmfitException.badModel(
        dir + ": holds " + words(found) + " where " + words(wanted) + " is needed; " + remedy);
  }

  private static String words(String kind) {
    return switch (kind) {
      case "lm" -> "a language model (kind lm)";
      case "encoder" -> "an encoder (kind encoder)";
      default -> "a classifier (kind classifier)";
    };
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** {@code lm}, {@code encoder} or {@code classifier}. */
  public String kind() {
    return kind;
  }

  /** Names of its files, but for the checksums. */
  public Set<String> files() {
    return files;
  }

  /** Whether the model has this file; files that the checksums do not list are no part of it. */
  public boolean has(String name) {
    return files.contains(name);
  }

  /**
   * A file of the model, its checksum verified at opening.
   *
   * @throws UlmfitException (bad model) if the model has no such file
   */
  public Path file(String name) {
    if (!has(name)) {
      throw UlmfitException.badModel(path + ": no " + name + " in this " + kind);
    }
    return path.resolve(name);
  }

  /**
   * A classifier's labels in index order.
   *
   * @throws UlmfitException (bad model) if {@code labels.json} is not a list of different names
   */
  public List<String> labels() {
    Path file = file("labels.json");
    JsonNode list = StrictJson.read(file, JsonNode.class, UlmfitException.Kind.BAD_MODEL, REMEDY);
    List<String> labels = new ArrayList<>();
    for (JsonNode label : list) {
      labels.add(label.textValue());
    }
    boolean named = list.isArray() && labels.stream().allMatch(l -> l != null && !l.isBlank());
    if (!named || Set.copyOf(labels).size() != labels.size()) {
      throw UlmfitException.badModel(file + ": not a list of different names; " + REMEDY);
    }
    return List.copyOf(labels);
  }

  /** The contents of {@code config.json}. */
  public JsonNode config() {
    return config;
  }
}
