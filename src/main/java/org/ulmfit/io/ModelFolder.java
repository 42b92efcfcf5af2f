package org.ulmfit.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ulmfit.Shown;
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
 *
 * An ensemble (kind {@code ensemble}) has no weights of its own: {@code members/NAME/} holds the
 * files of a classifier, but for those that another member holds for both. It holds them itself: a
 * link in it is refused.
 */
public final class ModelFolder {

  /** The format this version writes and reads. */
  public static final int FORMAT_VERSION = 2;

  private static final List<String> KINDS = List.of("classifier", "lm", "encoder");

  /** The kind of a folder whose classifiers answer together. */
  public static final String ENSEMBLE = "ensemble";

  private static final String CONFIG = "config.json";
  private static final String LABELS = "labels.json";
  private static final String MEMBERS = "members/";
  private static final String REMEDY = "copy the folder again or train it anew";
  private static final String COPY = "copy the folder again or make it anew";
  private static final String MADE_OF = "pass one of the models that it was made of";

  private final Path path;
  private final String kind;
  private final JsonNode config;
  private final Map<String, Stored> files;

  private ModelFolder(Path path, String kind, JsonNode config, Map<String, Stored> files) {
    this.path = path;
    this.kind = kind;
    this.config = config;
    this.files = Collections.unmodifiableMap(files);
  }

  /** Where a file is and what it holds. */
  private record Stored(Path path, String sha256) {}

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
    checkTarget(target, overwrite);
    AtomicFiles.writeFolder(
        target,
        part -> {
          fill.accept(part);
          kindOf(part, readConfig(part), target);
          Checksums.write(part);
        });
  }

  /**
   * Refuses what {@link #write} would not write to.
   *
   * @throws UlmfitException (usage) if the target exists and may not be replaced
   */
  public static void checkTarget(Path target, boolean overwrite) {
    if (!Files.exists(target)) {
      return;
    }
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

  /**
   * Opens a model of one kind.
   *
   * @param dirOrRun the model folder, or the run folder that holds it as {@code lm}, {@code
   *     encoder} or {@code classifier}
   * @param kind {@code lm}, {@code encoder}, {@code classifier} or {@code ensemble}
   * @throws UlmfitException (bad model) if it is incomplete, damaged, from a newer version or of
   *     another kind; (usage) if there is no model at that place
   */
  public static ModelFolder open(Path dirOrRun, String kind) {
    if (!KINDS.contains(kind) && !kind.equals(ENSEMBLE)) {
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
   * @throws UlmfitException as {@link #open(Path, String)}, for an ensemble too
   */
  public static ModelFolder open(Path dirOrRun) {
    ModelFolder model = load(find(dirOrRun, KINDS));
    if (model.kind.equals(ENSEMBLE)) {
      throw UlmfitException.badModel(
          model.path + ": holds " + words(ENSEMBLE) + " where one model is needed; " + MADE_OF);
    }
    return model;
  }

  /** Whether a folder holds an ensemble, by its config alone. */
  public static boolean isEnsemble(Path dir) {
    restore(dir);
    return Files.isRegularFile(dir.resolve(CONFIG))
        && readConfig(dir).path("kind").asText().equals(ENSEMBLE);
  }

  /**
   * Kind of a folder's model, {@code ensemble} among them, by its config alone; of a run's several
   * models the classifier's, else the language model's.
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
    if (kind.equals(ENSEMBLE)) {
      refuseLinks(dir, sums.keySet());
    }
    Map<String, Stored> files = new LinkedHashMap<>();
    sums.forEach((name, sum) -> files.put(name, new Stored(dir.resolve(name), sum)));
    return new ModelFolder(dir, kind, config, files);
  }

  /** A folder that is to outlive the models it was made of holds their files itself. */
  private static void refuseLinks(Path dir, Set<String> names) {
    for (String name : names) {
      try {
        if (!dir.toRealPath().resolve(name).equals(dir.resolve(name).toRealPath())) {
          throw UlmfitException.badModel(
              dir.resolve(name)
                  + ": is or lies behind a link; an ensemble holds its files itself, so put a copy"
                  + " in its place");
        }
      } catch (IOException e) {
        throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_MODEL, dir.resolve(name), e);
      }
    }
  }

  /**
   * One of an ensemble's classifiers: what lies under {@code members/NAME/}, with what another
   * member holds for both.
   *
   * @param name of the member; nothing else is made of it than names of the folder's own files
   * @param shares names of files to the member that holds each
   * @throws UlmfitException (bad model) if it is incomplete or no classifier
   */
  public ModelFolder member(String name, Map<String, String> shares) {
    Map<String, Stored> own = new LinkedHashMap<>();
    String prefix = MEMBERS + name + "/";
    files.forEach(
        (file, stored) -> {
          if (file.startsWith(prefix)) {
            own.put(file.substring(prefix.length()), stored);
          }
        });
    Path dir = path.resolve(CONFIG);
    shares.forEach(
        (file, holder) -> {
          Stored stored = files.get(MEMBERS + holder + "/" + file);
          if (stored == null || own.put(file, stored) != null) {
            throw UlmfitException.badModel(
                dir
                    + ": member "
                    + Shown.name(name)
                    + ": shares "
                    + Shown.name(file)
                    + (stored == null ? ", which " : ", but has one itself, and ")
                    + Shown.name(holder)
                    + (stored == null ? " does not hold; " : " another; ")
                    + COPY);
          }
        });
    for (String file : required("classifier")) {
      if (!own.containsKey(file)) {
        throw UlmfitException.badModel(
            path + ": no " + file + " of member " + Shown.name(name) + "; " + COPY);
      }
    }
    Path shown = path.resolve(prefix);
    JsonNode its = readJson(Objects.requireNonNull(own.get(CONFIG)).path());
    String itsKind = kind(its, shown);
    if (!itsKind.equals("classifier")) {
      throw wrongKind(shown, itsKind, "classifier");
    }
    return new ModelFolder(shown, itsKind, its, own);
  }

  /** Where {@link #member} looks for a file that a member holds itself. */
  public static Path memberFile(Path ensemble, String member, String file) {
    return ensemble.resolve(MEMBERS + member).resolve(file);
  }

  private static List<String> required(String kind) {
    if (kind.equals(ENSEMBLE)) {
      return List.of(CONFIG, LABELS);
    }
    List<String> names = new ArrayList<>(List.of(CONFIG, "vocab.txt", "model.safetensors"));
    if (kind.equals("classifier")) {
      names.add(LABELS);
    }
    return names;
  }

  private static JsonNode readConfig(Path dir) {
    Path file = dir.resolve(CONFIG);
    if (!Files.isRegularFile(file)) {
      throw UlmfitException.badModel(
          dir + ": no " + CONFIG + ", so this model is incomplete; copy the folder again");
    }
    return readJson(file);
  }

  private static JsonNode readJson(Path file) {
    return StrictJson.read(file, JsonNode.class, UlmfitException.Kind.BAD_MODEL, REMEDY);
  }

  /** Checks what every reader relies on; {@code shown} is the folder's name in messages. */
  private static String kindOf(Path dir, JsonNode config, Path shown) {
    String kind = kind(config, shown);
    for (String name : required(kind)) {
      if (!Files.isRegularFile(dir.resolve(name))) {
        throw UlmfitException.badModel(
            shown
                + ": no "
                + name
                + ", so this "
                + kind
                + " is incomplete; copy the folder again or train it anew");
      }
    }
    return kind;
  }

  private static String kind(JsonNode config, Path shown) {
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
    String word = kind.asText();
    if (!kind.isTextual() || !KINDS.contains(word) && !word.equals(ENSEMBLE)) {
      throw UlmfitException.badModel(
          file
              + ": kind is "
              + (kind.isMissingNode() ? "missing" : kind)
              + "; expected lm, encoder, classifier or ensemble");
    }
    return word;
  }

  private static UlmfitException wrongKind(Path dir, String found, String wanted) {
    String remedy =
        switch (wanted) {
          case "classifier" ->
              found.equals(ENSEMBLE)
                  ? MADE_OF
                  : "train one with `ulmfit classify CORPUS --encoder " + dir + " --out RUN`";
          case ENSEMBLE -> "make one with `ulmfit ensemble MODEL MODEL --out DIR`";
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
      case ENSEMBLE -> "an ensemble of classifiers (kind ensemble)";
      default -> "a classifier (kind classifier)";
    };
  }

  /** The folder itself. */
  public Path path() {
    return path;
  }

  /** {@code lm}, {@code encoder}, {@code classifier} or {@code ensemble}. */
  public String kind() {
    return kind;
  }

  /** Names of its files, but for the checksums. */
  public Set<String> files() {
    return files.keySet();
  }

  /** Whether the model has this file; files that the checksums do not list are no part of it. */
  public boolean has(String name) {
    return files.containsKey(name);
  }

  /**
   * A file of the model, its checksum verified at opening.
   *
   * @throws UlmfitException (bad model) if the model has no such file
   */
  public Path file(String name) {
    return stored(name).path();
  }

  /** SHA-256 of a file of the model, in hex; throws as {@link #file}. */
  public String sha256(String name) {
    return stored(name).sha256();
  }

  private Stored stored(String name) {
    Stored stored = files.get(name);
    if (stored == null) {
      throw UlmfitException.badModel(path + ": no " + name + " in this " + kind);
    }
    return stored;
  }

  /**
   * A classifier's labels in index order.
   *
   * @throws UlmfitException (bad model) if {@code labels.json} is not a list of different names
   */
  public List<String> labels() {
    Path file = file(LABELS);
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
