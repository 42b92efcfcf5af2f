package org.ulmfit.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Shard;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.Checksums;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.io.StrictJson;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/**
 * Texts for a language model that one of several programs tokenized:
 *
 * <pre>
 * documents.tokens  ids into types.vocab; documents by the hash of their text, then by id
 * types.vocab       what occurs in them, in the form of vocab.txt, by first occurrence
 * part.json         what it was made of and how
 * </pre>
 *
 * The id of a document is its hash, 16 hexadecimal digits, and the id that it has in the corpus.
 *
 * @param dir the folder
 * @param listing what {@code part.json} holds
 */
record TokenPart(Path dir, Listing listing) {
  static final String TOKENS = "documents.tokens";

  private static final int VERSION = 1;
  private static final String FILE = "part.json";
  private static final String TYPES = "types.vocab";
  private static final int HASH = 16; // hexadecimal digits
  private static final String REMEDY = "remove this part and make it again";
  private static final ObjectMapper JSON = PrettyJson.mapper();
  private static final ObjectMapper COMPACT = new ObjectMapper();

  /**
   * What a part was made of.
   *
   * @param settings everything its tokens depend on (see {@link Fingerprint})
   * @param rows that were read for it
   * @param used of them
   * @param inputs what was found and how it was read
   * @param notes rejected rows, the first few
   * @param letters how many there are of each script
   */
  record Origin(
      Map<String, String> settings,
      long rows,
      long used,
      List<String> inputs,
      InputColumns columns,
      List<String> notes,
      Map<String, Long> letters) {

    private String sha256() {
      try {
        return Checksums.sha256(COMPACT.writeValueAsBytes(this));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    private boolean isWhole() {
      return settings != null
          && inputs != null
          && columns != null
          && columns.whole()
          && notes != null
          && letters != null
          && letters.values().stream().noneMatch(count -> count == null || count < 0);
    }
  }

  /**
   * The file.
   *
   * @param number of the part, from 0
   * @param of how many parts
   * @param originSha256 of what stands under {@code origin}, in compact JSON
   * @param typesSha256 of {@code types.vocab}
   * @param tokensSha256 of {@code documents.tokens}: other texts may have the same words
   */
  record Listing(
      int formatVersion,
      int number,
      int of,
      Origin origin,
      String originSha256,
      String typesSha256,
      String tokensSha256) {
    private boolean isWhole() {
      return formatVersion == VERSION
          && number >= 0
          && number < of
          && origin != null
          && origin.isWhole()
          && origin.sha256().equals(originSha256)
          && typesSha256 != null
          && tokensSha256 != null;
    }
  }

  static boolean isOne(Path dir) {
    return Files.isRegularFile(dir.resolve(FILE));
  }

  /**
   * Writes types and listing into a folder that has the documents.
   *
   * @param types by provisional id
   */
  static void write(Path dir, List<String> types, Shard own, Origin origin) {
    // a vocabulary has two at least; no document holds these
    Stream<String> all =
        types.size() < 2
            ? Stream.concat(types.stream(), Stream.of("xxunk", "xxpad"))
            : types.stream();
    Vocab vocab = Vocab.of(all.distinct().toList());
    vocab.write(dir.resolve(TYPES));
    try {
      AtomicFiles.write(
          dir.resolve(FILE),
          JSON.writeValueAsBytes(
              new Listing(
                  VERSION,
                  own.number(),
                  own.of(),
                  origin,
                  origin.sha256(),
                  vocab.sha256(),
                  Checksums.sha256(dir.resolve(TOKENS)))));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(dir, e);
    }
  }

  /**
   * Reads the listing.
   *
   * @throws UlmfitException (bad data) if it is damaged
   */
  static TokenPart read(Path dir) {
    Path file = dir.resolve(FILE);
    JsonNode tree = StrictJson.read(file, JsonNode.class, UlmfitException.Kind.BAD_DATA, REMEDY);
    PreparedFolder.optional(tree.path("origin").path("columns"), "labels");
    Listing listing =
        StrictJson.value(file, tree, Listing.class, UlmfitException.Kind.BAD_DATA, REMEDY);
    if (!listing.isWhole()) {
      throw UlmfitException.badData(file + ": incomplete or damaged; " + REMEDY);
    }
    return new TokenPart(dir, listing);
  }

  /**
   * Types by provisional id.
   *
   * @throws UlmfitException (bad data) if the file is not the one that was written
   */
  List<String> types() {
    return Vocab.read(verified(TYPES, listing.typesSha256)).itos();
  }

  private Path verified(String name, String sha256) {
    Path file = dir.resolve(name);
    try {
      if (!Checksums.sha256(file).equals(sha256)) {
        throw UlmfitException.badData(file + ": damaged; " + REMEDY);
      }
      return file;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, file, e);
    }
  }

  /** Opens the documents and looks at them all; see {@link TokenStore#check}. */
  TokenStore open(int types) {
    TokenStore store = TokenStore.open(verified(TOKENS, listing.tokensSha256));
    store.check(types, 0, 0, 0);
    long last = 0;
    for (int doc = 0; doc < store.size(); doc++) {
      String id = store.id(doc);
      if (!isNamed(id) || Long.compareUnsigned(hash(id), last) < 0) {
        throw UlmfitException.badData(
            dir.resolve(TOKENS) + ": document " + doc + " is out of order; " + REMEDY);
      }
      last = hash(id);
    }
    return store;
  }

  private static boolean isNamed(String id) {
    return id.length() >= HASH
        && id.substring(0, HASH).chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
  }

  /** Id of a document with its text's hash. */
  static String id(long hash, String id) {
    return HexFormat.of().toHexDigits(hash) + id;
  }

  static long hash(String id) {
    return Long.parseUnsignedLong(id, 0, HASH, 16);
  }

  /** Id in the corpus; the hash where there is none. */
  static String idInCorpus(String id) {
    return id.length() == HASH ? id : id.substring(HASH);
  }

  /** Whether both were made in the same way of the same. */
  boolean goesWith(TokenPart other) {
    return listing.of == other.listing.of
        && listing.origin.settings.equals(other.listing.origin.settings);
  }
}
