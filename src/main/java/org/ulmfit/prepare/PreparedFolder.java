package org.ulmfit.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.io.StrictJson;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * {@code prepared.json}: what a folder of token stores was made of and how. Written last, so that a
 * folder with it is complete.
 *
 * @param dir the folder
 * @param listing what the file holds
 */
record PreparedFolder(Path dir, Listing listing) {
  static final String LM_TRAIN = "lm/train";
  static final String LM_VALID = "lm/valid";
  static final String TRAIN = "classifier/train";
  static final String VALID = "classifier/valid";
  static final String TEST = "classifier/test";
  static final String UNLABELLED = "classifier/unlabelled";

  private static final int VERSION = 3;
  private static final String FILE = "prepared.json";
  private static final String VOCAB = "vocab.txt";
  private static final String REMEDY = "prepare the corpus again";
  private static final ObjectMapper JSON = PrettyJson.mapper();

  /**
   * The file.
   *
   * @param formatVersion 3; 2 had stores of one label a document, 1 neither columns nor counts of
   *     unknown words
   * @param settings everything the stores depend on (see {@link Fingerprint})
   * @param labels names of the labels; empty without classifier stores
   * @param vocabSha256 of {@code vocab.txt}
   * @param stores file of each store by role: {@code lm/train}, {@code classifier/test} and so on
   * @param labelling how many labels a document has; missing: one
   */
  record Listing(
      int formatVersion,
      Map<String, String> settings,
      List<String> labels,
      String vocabSha256,
      Map<String, String> stores,
      CorpusSummary summary,
      @Nullable Labelling labelling) {

    private boolean isWhole() {
      return settings != null
          && labels != null
          && labels.stream().noneMatch(Objects::isNull)
          && labels.stream().distinct().count() == labels.size()
          && vocabSha256 != null
          && stores != null
          && stores.values().stream().noneMatch(Objects::isNull)
          && summary != null
          && summary.columns() != null
          && summary.columns().whole();
    }
  }

  static PreparedFolder of(
      Path dir,
      Map<String, String> settings,
      Labelling labelling,
      List<String> labels,
      Vocab vocab,
      Map<String, String> stores,
      CorpusSummary summary) {
    return new PreparedFolder(
        dir, new Listing(VERSION, settings, labels, vocab.sha256(), stores, summary, labelling));
  }

  static boolean isOne(Path dir) {
    return Files.isRegularFile(dir.resolve(FILE));
  }

  /** Of a corpus that {@link Prepare#isPrepared}. */
  static PreparedFolder of(Corpus corpus) {
    return read(Objects.requireNonNull(corpus.path()));
  }

  static PreparedFolder read(Path dir) {
    Path file = dir.resolve(FILE);
    JsonNode tree = StrictJson.read(file, JsonNode.class, UlmfitException.Kind.BAD_DATA, REMEDY);
    JsonNode version = tree.path("formatVersion");
    if (!version.isInt() || version.intValue() != VERSION) {
      throw UlmfitException.badData(
          file
              + ": format "
              + (version.isMissingNode() ? "unknown" : version)
              + ", not "
              + VERSION
              + "; "
              + REMEDY);
    }
    optional(tree, "labelling");
    optional(tree.path("summary").path("columns"), "labels");
    Listing listing =
        StrictJson.value(file, tree, Listing.class, UlmfitException.Kind.BAD_DATA, REMEDY);
    if (!listing.isWhole()) {
      throw UlmfitException.badData(file + ": incomplete; " + REMEDY);
    }
    return new PreparedFolder(dir, listing);
  }

  /** A field that older folders lack. */
  static void optional(JsonNode tree, String name) {
    if (tree instanceof ObjectNode object && !object.has(name)) {
      object.putNull(name);
    }
  }

  /**
   * @throws UlmfitException (usage) if another task is asked for than it was prepared for
   */
  void checkTask(Corpus corpus) {
    Labelling asked = corpus.options().labelling();
    if (asked != null && asked != labelling()) {
      throw UlmfitException.usage(
          corpus
              + ": prepared with "
              + (labelling() == Labelling.MULTI ? "several labels" : "one label")
              + " a row; leave --task out, or give the raw corpus");
    }
  }

  Labelling labelling() {
    return listing.labelling == null ? Labelling.SINGLE : listing.labelling;
  }

  Map<String, String> settings() {
    return listing.settings;
  }

  List<String> labels() {
    return listing.labels;
  }

  Map<String, String> stores() {
    return listing.stores;
  }

  CorpusSummary summary() {
    return listing.summary;
  }

  /**
   * Content of the tokenizer.json that made the tokens; null: none did.
   *
   * @throws UlmfitException (bad data) if it is another one now
   */
  @Nullable String tokenizer() {
    Path file = PreparedTokenizer.file(dir);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    if (!Fingerprint.isTokenizer(settings(), file)) {
      throw UlmfitException.badData(file + ": is not what the tokens were made with; " + REMEDY);
    }
    return new TokenizerSpec.Subword(file).content();
  }

  /** Marks the folder as incomplete. */
  static void unmark(Path dir) {
    try {
      Files.createDirectories(dir);
      Files.deleteIfExists(dir.resolve(FILE));
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(dir, e);
    }
  }

  void write() {
    try {
      AtomicFiles.write(dir.resolve(FILE), JSON.writeValueAsBytes(listing));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path vocabFile(Path dir) {
    return dir.resolve(VOCAB);
  }

  /**
   * The words of the token stores.
   *
   * @throws UlmfitException (bad data) if the file is not the one that was written with them
   */
  Vocab vocab() {
    Path file = vocabFile(dir);
    try {
      if (!Checksums.sha256(file).equals(listing.vocabSha256)) {
        throw UlmfitException.badData(file + ": not the vocabulary of the token stores; " + REMEDY);
      }
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
    }
    return Vocab.read(file);
  }

  boolean has(String role) {
    return stores().containsKey(role);
  }

  /** Whether two roles are played by the same store. */
  boolean same(String role, String other) {
    String store = stores().get(role);
    return store != null && store.equals(stores().get(other));
  }

  /**
   * Opens a store and looks at all of it.
   *
   * @param vocab its words
   * @throws UlmfitException (bad data) if it is missing or damaged, has tokens that are no words,
   *     or labels that are not those of this folder
   */
  TokenStore open(String role, Vocab vocab) {
    TokenStore store = TokenStore.open(file(role));
    boolean none = role.startsWith("lm/") || role.equals(UNLABELLED);
    boolean multi = labelling() == Labelling.MULTI;
    store.check(
        vocab.size(),
        none || multi ? 0 : 1,
        none ? 0 : multi ? labels().size() : 1,
        labels().size());
    return store;
  }

  private Path file(String role) {
    String store = stores().get(role);
    if (store == null) {
      throw UlmfitException.badData(
          dir + ": prepared without " + role + " data; " + REMEDY + " with `ulmfit prepare`");
    }
    Path file = dir.resolve(inside(store));
    if (!Files.isRegularFile(file)) {
      throw UlmfitException.badData(file + ": missing; " + REMEDY);
    }
    return file;
  }

  private Path inside(String name) {
    try {
      Path path = Path.of(name).normalize();
      if (path.getRoot() == null && !path.startsWith("..")) {
        return path;
      }
    } catch (InvalidPathException e) {
      // a name that no file can have is refused with the others
    }
    throw UlmfitException.badData(
        dir.resolve(FILE) + ": names a store outside its folder; " + REMEDY);
  }
}
