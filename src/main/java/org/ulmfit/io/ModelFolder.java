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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
 * <p>The card, README.md, may be edited: its checksum is not compared.
 *
 * <p>An ensemble (kind {@code ensemble}) has no weights of its own: {@code members/NAME/} holds the
 * files of a classifier, but for those that another member holds for both. It holds them itself: a
 * link in it is refused.
 */
public final class ModelFolder {

  /** The format this version writes and reads. */
  public static final int FORMAT_VERSION = 2;

  /** What people read of a model: they may write in it, which changes no answer. */
  public static final String CARD = "README.md";

  /** The checksums of its files. */
  public static final String SUMS = Checksums.FILE;

  /** What holds the network of a folder for another runtime. */
  public static final String PROGRAM = "model.pt";

  /** The kind of a folder whose classifiers answer together. */
  public static final String ENSEMBLE = ModelKinds.ENSEMBLE;

  private static final String MEMBERS = "members/";
  private static final String COPY = "copy the folder again or make it anew";

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
    writeProgram(
        target,
        part -> {
          fill.accept(part);
          ModelKinds.kindOf(part, ModelKinds.readConfig(part), target);
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
    if (!Files.isRegularFile(target.resolve(ModelKinds.CONFIG))
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
    if (!ModelKinds.SINGLE.contains(kind) && !kind.equals(ENSEMBLE)) {
      throw new IllegalArgumentException("kind: " + kind);
    }
    ModelFolder model = load(find(dirOrRun, List.of(kind)));
    if (!model.kind.equals(kind)) {
      throw ModelKinds.wrongKind(model.path, model.kind, kind);
    }
    return model;
  }

  /**
   * Opens a model of any kind; of a run's several models the classifier, else the language model.
   *
   * @throws UlmfitException as {@link #open(Path, String)}, for an ensemble too
   */
  public static ModelFolder open(Path dirOrRun) {
    ModelFolder model = load(find(dirOrRun, ModelKinds.SINGLE));
    if (model.kind.equals(ENSEMBLE)) {
      throw ModelKinds.notOne(model.path);
    }
    return model;
  }

  /**
   * Opens a classifier whose network is a program for another runtime, {@link #PROGRAM}, in place
   * of weights.
   *
   * @throws UlmfitException (bad model) if it is incomplete, damaged or no such folder
   */
  public static ModelFolder openProgram(Path dir) {
    Map<String, String> sums = Checksums.verify(dir, "model");
    JsonNode config = ModelKinds.readConfig(dir);
    String kind = ModelKinds.kind(config, dir);
    if (!kind.equals("classifier")) {
      throw ModelKinds.wrongKind(dir, kind, "classifier");
    }
    List<String> required = new ArrayList<>(ModelKinds.required(kind));
    required.replaceAll(name -> name.equals(ModelKinds.WEIGHTS) ? PROGRAM : name);
    checkListed(dir, sums, required);
    return new ModelFolder(dir, kind, config, stored(dir, sums));
  }

  /**
   * Writes such a folder: {@code fill} writes the files, the checksums are added, and the folder is
   * renamed to {@code target}.
   */
  public static void writeProgram(Path target, IOConsumer<Path> fill) {
    AtomicFiles.writeFolder(
        target,
        part -> {
          fill.accept(part);
          Checksums.write(part);
        });
  }

  /**
   * Where the classifier of a folder or of a run is, an ensemble too.
   *
   * @throws UlmfitException (usage) if there is none
   */
  public static Path place(Path dirOrRun) {
    return ensemble(dirOrRun).orElseGet(() -> find(dirOrRun, List.of("classifier")));
  }

  /** What a model folder is known by: the sum of its checksums. */
  public static String sum(Path dir) {
    Path sums = dir.resolve(Checksums.FILE);
    try {
      return Checksums.sha256(sums);
    } catch (IOException e) {
      throw UlmfitException.cannotRead(sums, e);
    }
  }

  /** Whether a folder holds an ensemble, by its config alone. */
  public static boolean isEnsemble(Path dir) {
    restore(dir);
    return Files.isRegularFile(dir.resolve(ModelKinds.CONFIG))
        && ModelKinds.readConfig(dir).path("kind").asText().equals(ENSEMBLE);
  }

  /** The ensemble that a folder is, or that a run in rounds holds; empty: it has none. */
  public static Optional<Path> ensemble(Path dirOrRun) {
    return Stream.of(dirOrRun, dirOrRun.resolve("classifier"))
        .filter(ModelFolder::isEnsemble)
        .findFirst();
  }

  /**
   * Family of a folder's classifier, by its config alone; empty where there is none, or an
   * ensemble.
   */
  public static String family(Path dirOrRun) {
    for (Path dir : List.of(dirOrRun, dirOrRun.resolve("classifier"))) {
      if (Files.isRegularFile(dir.resolve(ModelKinds.CONFIG))) {
        return ModelKinds.readConfig(dir).path("family").asText();
      }
    }
    return "";
  }

  /**
   * Kind of a folder's model, {@code ensemble} among them, by its config alone; of a run's several
   * models the classifier's, else the language model's.
   *
   * @throws UlmfitException as {@link #open(Path, String)}
   */
  public static String kind(Path dirOrRun) {
    Path dir = find(dirOrRun, ModelKinds.SINGLE);
    return ModelKinds.kindOf(dir, ModelKinds.readConfig(dir), dir);
  }

  private static Path find(Path dirOrRun, List<String> wanted) {
    restore(dirOrRun);
    if (!Files.isDirectory(dirOrRun)) {
      String problem = Files.exists(dirOrRun) ? "is a file, not a folder" : "no such folder";
      throw UlmfitException.usage(
          dirOrRun + ": " + problem + "; expected a model folder or a run folder");
    }
    if (Files.exists(dirOrRun.resolve(ModelKinds.CONFIG))) {
      return dirOrRun;
    }
    for (String kind : wanted) {
      Path inner = dirOrRun.resolve(kind);
      restore(inner);
      if (Files.isDirectory(inner)) {
        return inner;
      }
    }
    List<String> present = new ArrayList<>(ModelKinds.SINGLE);
    present.removeIf(kind -> !Files.isDirectory(dirOrRun.resolve(kind)));
    if (!present.isEmpty()) {
      throw ModelKinds.wrongKind(dirOrRun, present.get(0), wanted.get(0));
    }
    if (Files.exists(dirOrRun.resolve(Checksums.FILE))
        || Files.exists(dirOrRun.resolve("model.safetensors"))) {
      throw UlmfitException.badModel(
          dirOrRun
              + ": no "
              + ModelKinds.CONFIG
              + ", so this model is incomplete; copy the folder again");
    }
    throw UlmfitException.usage(
        dirOrRun
            + ": no model here (no "
            + ModelKinds.CONFIG
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
    refuseMember(dir);
    Map<String, String> sums = Checksums.verify(dir, "model");
    JsonNode config = ModelKinds.readConfig(dir);
    String kind = ModelKinds.kindOf(dir, config, dir);
    checkListed(dir, sums, ModelKinds.required(kind));
    if (kind.equals(ENSEMBLE)) {
      refuseLinks(dir, sums.keySet());
    }
    return new ModelFolder(dir, kind, config, stored(dir, sums));
  }

  private static void checkListed(Path dir, Map<String, String> sums, List<String> required) {
    for (String name : required) {
      if (!sums.containsKey(name)) {
        throw UlmfitException.badModel(
            dir.resolve(Checksums.FILE) + ": does not list " + name + "; copy the folder again");
      }
    }
  }

  private static Map<String, Stored> stored(Path dir, Map<String, String> sums) {
    Map<String, Stored> files = new LinkedHashMap<>();
    sums.forEach((name, sum) -> files.put(name, new Stored(dir.resolve(name), sum)));
    return files;
  }

  /** A member leaves its checksums and what it shares to the ensemble. */
  private static void refuseMember(Path dir) {
    Path members = dir.toAbsolutePath().normalize().getParent();
    Path ensemble = members == null ? null : members.getParent();
    if (ensemble != null
        && ensemble.resolve(MEMBERS).equals(members)
        && !Files.exists(dir.resolve(Checksums.FILE))
        && isEnsemble(ensemble)) {
      throw UlmfitException.badModel(
          dir
              + ": a member of the ensemble "
              + ensemble
              + ", not whole by itself; open the ensemble, or the model that it was made of");
    }
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
    Path dir = path.resolve(ModelKinds.CONFIG);
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
    for (String file : ModelKinds.required("classifier")) {
      if (!own.containsKey(file)) {
        throw UlmfitException.badModel(
            path + ": no " + file + " of member " + Shown.name(name) + "; " + COPY);
      }
    }
    Path shown = path.resolve(prefix);
    JsonNode its = ModelKinds.readJson(Objects.requireNonNull(own.get(ModelKinds.CONFIG)).path());
    String itsKind = ModelKinds.kind(its, shown);
    if (!itsKind.equals("classifier")) {
      throw ModelKinds.wrongKind(shown, itsKind, "classifier");
    }
    return new ModelFolder(shown, itsKind, its, own);
  }

  /** Where {@link #member} looks for a file that a member holds itself. */
  public static Path memberFile(Path ensemble, String member, String file) {
    return ensemble.resolve(MEMBERS + member).resolve(file);
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

  /** Name of the corpus that the model was trained on; empty where that is not known. */
  public String trainedOn() {
    if (!has("provenance.json")) {
      return "";
    }
    return StrictJson.read(
            file("provenance.json"),
            JsonNode.class,
            UlmfitException.Kind.BAD_MODEL,
            "copy the folder again")
        .path("data")
        .path("corpus")
        .asText();
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
    Path file = file(ModelKinds.LABELS);
    JsonNode list =
        StrictJson.read(file, JsonNode.class, UlmfitException.Kind.BAD_MODEL, ModelKinds.REMEDY);
    List<String> labels = new ArrayList<>();
    for (JsonNode label : list) {
      labels.add(label.textValue());
    }
    boolean named = list.isArray() && labels.stream().allMatch(l -> l != null && !l.isBlank());
    if (!named || Set.copyOf(labels).size() != labels.size()) {
      throw UlmfitException.badModel(
          file + ": not a list of different names; " + ModelKinds.REMEDY);
    }
    return List.copyOf(labels);
  }

  /** The contents of {@code config.json}. */
  public JsonNode config() {
    return config;
  }
}
