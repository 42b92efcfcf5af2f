package org.ulmfit.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * {@code prepared.json}: what a folder of token stores was made of and how. Written last, so that a
 * folder with it is complete.
 *
 * @param formatVersion 1
 * @param settings everything the stores depend on (see {@link Settings})
 * @param labels names of the labels; empty without classifier stores
 * @param vocabSha256 of {@code vocab.txt}
 * @param stores file of each store by role: {@code lm/train}, {@code classifier/test} and so on
 */
record PreparedFolder(
    int formatVersion,
    Map<String, String> settings,
    List<String> labels,
    String vocabSha256,
    Map<String, String> stores,
    CorpusSummary summary) {
  static final String LM_TRAIN = "lm/train";
  static final String LM_VALID = "lm/valid";
  static final String TRAIN = "classifier/train";
  static final String VALID = "classifier/valid";
  static final String TEST = "classifier/test";

  private static final int VERSION = 1;
  private static final String FILE = "prepared.json";
  private static final String VOCAB = "vocab.txt";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static PreparedFolder of(
      Map<String, String> settings,
      List<String> labels,
      Vocab vocab,
      Map<String, String> stores,
      CorpusSummary summary) {
    return new PreparedFolder(VERSION, settings, labels, vocab.sha256(), stores, summary);
  }

  static boolean isOne(Path dir) {
    return Files.isRegularFile(dir.resolve(FILE));
  }

  static PreparedFolder read(Path dir) {
    Path file = dir.resolve(FILE);
    try {
      PreparedFolder folder = JSON.readValue(file.toFile(), PreparedFolder.class);
      if (folder == null || folder.formatVersion != VERSION) {
        throw UlmfitException.badData(
            file
                + ": format "
                + (folder == null ? "unknown" : folder.formatVersion)
                + ", not "
                + VERSION
                + "; prepare the corpus again");
      }
      if (!folder.isWhole()) {
        throw UlmfitException.badData(file + ": incomplete; prepare the corpus again");
      }
      return folder;
    } catch (JsonMappingException e) {
      throw UlmfitException.badData(
          file + ": not what ulmfit writes there; prepare the corpus again");
    } catch (JsonProcessingException e) {
      throw UlmfitException.badData(
          file + ": " + e.getOriginalMessage() + "; prepare the corpus again");
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
    }
  }

  private boolean isWhole() {
    return settings != null
        && labels != null
        && labels.stream().noneMatch(Objects::isNull)
        && labels.stream().distinct().count() == labels.size()
        && vocabSha256 != null
        && stores != null
        && stores.values().stream().noneMatch(Objects::isNull)
        && summary != null;
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

  void write(Path dir) {
    try {
      AtomicFiles.write(dir.resolve(FILE), JSON.writeValueAsBytes(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path vocabFile(Path dir) {
    return dir.resolve(VOCAB);
  }

  Vocab vocab(Path dir) {
    Vocab vocab = Vocab.read(vocabFile(dir));
    if (!vocab.sha256().equals(vocabSha256)) {
      throw UlmfitException.badData(
          vocabFile(dir) + ": not the vocabulary of the token stores; prepare the corpus again");
    }
    return vocab;
  }

  boolean has(String role) {
    return stores.containsKey(role);
  }

  /**
   * Opens one of the stores, or a part of one.
   *
   * @throws UlmfitException (bad data) if its tokens are no words of the vocabulary, or its labels
   *     none of this folder
   */
  TokenStore open(Path file, Vocab vocab) {
    TokenStore store = TokenStore.open(file);
    store.check(vocab.size(), labels.size());
    return store;
  }

  Path file(Path dir, String role) {
    if (!has(role)) {
      throw UlmfitException.badData(
          dir
              + ": prepared without "
              + role
              + " data; prepare the corpus again with"
              + " `ulmfit prepare`");
    }
    try {
      Path file = dir.resolve(stores.get(role)).normalize();
      if (file.startsWith(dir.normalize()) && Files.isRegularFile(file)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // a name that no file can have is refused with the others
    }
    throw UlmfitException.badData(
        dir.resolve(FILE) + ": names a store that is not in its folder; prepare the corpus again");
  }
}
