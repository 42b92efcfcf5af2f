package org.ulmfit.embed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.JarEntries;
import org.ulmfit.vocab.Vocab;

/**
 * A sentence encoder as its user has it: a folder with {@code model.onnx} (or {@code
 * onnx/model.onnx}) and {@code tokenizer.json}, or a jar that holds both, such as LangChain4j's.
 */
public final class Embedder {
  private static final int USUAL_WINDOW = 512;

  private final Path path;
  private final OnnxFile model;
  private final String sha256;
  private final TokenizerFile tokenizer;
  private final Card card;
  private @Nullable EncoderReading opened; // which it was tried with

  private Embedder(Path path, OnnxFile model, TokenizerFile tokenizer, Card card) {
    this.path = path;
    this.model = model;
    this.sha256 = model.sha256();
    this.tokenizer = tokenizer;
    this.card = card;
  }

  /**
   * What its user wants to be otherwise than its files say.
   *
   * @param pooling null: as they say
   * @param normalise null: as they say
   * @param window 0: as they say
   * @param overlap of a window's pieces
   * @param windows of a text at most; 0: all
   */
  public record Wishes(
      @Nullable Pooling pooling,
      @Nullable Boolean normalise,
      int window,
      int overlap,
      int windows) {}

  /**
   * Looks at an encoder.
   *
   * @throws UlmfitException (usage) if there is no such folder or jar; (bad model) if it lacks a
   *     model or a tokenizer, or has one that cannot be used
   */
  public static Embedder of(Path folderOrJar) {
    if (!Files.exists(folderOrJar)) {
      throw UlmfitException.usage(
          folderOrJar
              + ": no such folder or jar; give a folder with model.onnx and tokenizer.json, or a jar"
              + " that holds them");
    }
    TokenizerFile tokenizer = TokenizerFile.of(tokenizer(folderOrJar));
    return Files.isDirectory(folderOrJar)
        ? new Embedder(
            folderOrJar,
            OnnxFile.of(onnx(folderOrJar)),
            tokenizer,
            CardReader.ofFolder(folderOrJar, tokenizer.json()))
        : new Embedder(
            folderOrJar,
            OnnxFile.in(folderOrJar),
            tokenizer,
            CardReader.ofJar(folderOrJar, tokenizer.json()));
  }

  /**
   * The file that holds its tokenizer, as {@code text.tokenizer} names it.
   *
   * @throws UlmfitException (bad model) if there is none
   */
  private static Path tokenizer(Path folderOrJar) {
    if (!Files.isDirectory(folderOrJar)) {
      if (!JarEntries.isJar(folderOrJar)) {
        throw UlmfitException.usage(
            folderOrJar + ": neither a folder nor named *.jar; give the folder that it lies in");
      }
      JarEntries.only(folderOrJar, ".onnx"); // what it is asked for first
      return folderOrJar;
    }
    Path file = folderOrJar.resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw UlmfitException.badModel(
          folderOrJar
              + ": no tokenizer.json; give a folder with model.onnx and tokenizer.json (Hugging Face"
              + " has it beside the model, or save it with a fast tokenizer)");
    }
    return file;
  }

  private static Path onnx(Path folder) {
    List<Path> places =
        Stream.of("model.onnx", "onnx/model.onnx")
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .toList();
    if (places.size() != 1) {
      throw UlmfitException.badModel(
          folder
              + (places.isEmpty()
                  ? ": no model.onnx; export the encoder to ONNX, or name its file so"
                  : ": holds model.onnx and onnx/model.onnx; leave the one that is meant"));
    }
    return places.get(0);
  }

  /** The file that holds its tokenizer, as a recipe names it. */
  public Path tokenizerFile() {
    return Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
  }

  /** SHA-256 of its model, in hex. */
  public String sha256() {
    return sha256;
  }

  /** Its pieces. */
  public Vocab vocabulary() {
    return tokenizer.vocabulary();
  }

  /** Id of its unknown piece; -1: it has none. */
  public int unknown() {
    return tokenizer.unknown();
  }

  /**
   * How it reads texts: as wished, else as its files say, else as is usual.
   *
   * @param told gets a line that says which
   * @throws UlmfitException (usage) if the wishes do not go together
   */
  public EncoderReading reading(Wishes wishes, Consumer<String> told) {
    String usual = "its files do not say, this is usual";
    boolean own = OnnxModel.poolsItself(model.graph());
    if (own && wishes.pooling != null) {
      throw UlmfitException.usage(
          path + ": gives one vector a text itself; leave embedding.pooling at auto");
    }
    if (!own && wishes.pooling == null && card.pooling() == null && !card.pooledBy().isEmpty()) {
      throw UlmfitException.badModel(card.pooledBy());
    }
    Pooling said = card.pooling() == null ? Pooling.MEAN : card.pooling();
    Pooling pooling = own ? Pooling.OWN : wishes.pooling == null ? said : wishes.pooling;
    String pooledBy =
        own
            ? "the model does it"
            : wishes.pooling != null
                ? "as asked"
                : card.pooling() == null ? usual : card.pooledBy();
    boolean normalise =
        wishes.normalise != null ? wishes.normalise : card.normalise() == null || card.normalise();
    String normalisedBy =
        wishes.normalise != null
            ? "as asked"
            : card.normalise() == null ? usual : card.normalisedBy();
    OnnxModel.check(model.name(), model.graph(), pooling);
    int window =
        wishes.window > 0 ? wishes.window : card.window() == null ? USUAL_WINDOW : card.window();
    String windowBy =
        wishes.window > 0 ? "as asked" : card.window() == null ? usual : card.windowBy();
    told.accept(
        Shown.format(
            "embedder: pooling %s (%s), normalised %s (%s), window %d tokens (%s)",
            word(pooling), pooledBy, normalise ? "yes" : "no", normalisedBy, window, windowBy));
    EncoderReading reading =
        new EncoderReading(
            pooling,
            normalise,
            window,
            wishes.overlap,
            wishes.windows,
            tokenizer.start(),
            tokenizer.end());
    if (reading.room() <= wishes.overlap) {
      throw UlmfitException.usage(
          Shown.format(
              "embedding.overlap %d: a window of %d tokens has room for %d pieces; lower it",
              wishes.overlap, window, Math.max(0, reading.room())));
    }
    return reading;
  }

  private static String word(Pooling pooling) {
    return switch (pooling) {
      case MEAN -> "mean";
      case FIRST -> "first token";
      case OWN -> "its own";
    };
  }

  /**
   * Opens it to read texts.
   *
   * @throws UlmfitException (bad model) if it is no encoder of texts; (failure) if ONNX Runtime is
   *     not there
   */
  public SentenceEncoder encoder(EncoderReading reading) {
    boolean known = reading.equals(opened);
    SentenceEncoder encoder =
        SentenceEncoder.of(model, reading, known ? SentenceEncoder.FEW : reading.room());
    opened = reading;
    return encoder;
  }

  /** Writes the model. */
  public void copyModel(Path to) throws IOException {
    model.copy(to);
  }
}
