package org.ulmfit.embed;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;

/**
 * Vectors of texts, each text read once: equal ones share theirs, and those that are made may be
 * kept in a file, for a run that goes on or for others. Thread-safe where it keeps none.
 */
public final class Embeddings implements AutoCloseable {
  private static final int BLOCK = 128; // texts between two looks at a stop request
  private static final String STOPPED = "while texts were embedded; go on with --resume";

  private final SentenceEncoder encoder;
  private final @Nullable VectorFile kept;
  private final Set<ByteBuffer> own =
      new HashSet<>(); // of those that are kept, made or counted here
  private double saved;

  private Embeddings(SentenceEncoder encoder, @Nullable VectorFile kept) {
    this.encoder = encoder;
    this.kept = kept;
  }

  /** Of an encoder, which is closed with them. */
  public static Embeddings of(SentenceEncoder encoder) {
    return new Embeddings(encoder, null);
  }

  /**
   * Of an encoder, which is closed with them, kept in a file.
   *
   * @param sha256 of the encoder's model
   * @throws UlmfitException (failure) if it cannot be read or written
   */
  public static Embeddings kept(SentenceEncoder encoder, Path file, String sha256) {
    try {
      return new Embeddings(
          encoder, VectorFile.open(file, sha256, encoder.reading(), encoder.dimension()));
    } catch (RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }

  /** How far it is. */
  public interface Progress {
    /**
     * Told after each block of texts.
     *
     * @param texts of all that have their vectors
     * @param pieces of these
     * @param read how many of these the encoder had to read
     */
    void at(int texts, long pieces, int read);
  }

  /** Numbers in a vector. */
  public int dimension() {
    return encoder.dimension();
  }

  /** Seconds that those vectors had taken which were found in the file, each counted once. */
  public double saved() {
    return saved;
  }

  /** Number of vectors that are kept. */
  public int size() {
    return kept == null ? 0 : kept.size();
  }

  /**
   * The vectors of texts.
   *
   * @param texts (texts, pieces) ids
   * @return (texts, dimension); equal texts share one
   * @throws UlmfitException (bad model) if the encoder cannot read them; (interrupted) if stopped
   */
  public float[][] of(int[][] texts, Progress progress, Stop stop) {
    float[][] vectors = new float[texts.length][];
    Map<ByteBuffer, VectorFile.Made> met = new LinkedHashMap<>();
    int[] order = // the longest first: equal lengths side by side
        IntStream.range(0, texts.length)
            .boxed()
            .sorted(Comparator.comparingInt(t -> -texts[t].length))
            .mapToInt(t -> t)
            .toArray();
    int read = 0;
    long pieces = 0;
    for (int from = 0; from < texts.length; from += BLOCK) {
      stop.check(STOPPED);
      int to = Math.min(texts.length, from + BLOCK);
      ByteBuffer[] names = new ByteBuffer[to - from];
      Map<ByteBuffer, int[]> unread = new LinkedHashMap<>();
      for (int i = from; i < to; i++) {
        int[] text = texts[order[i]];
        pieces += text.length;
        names[i - from] = VectorFile.text(text);
        if (known(names[i - from], met) == null) {
          unread.put(names[i - from], text);
        }
      }
      Map<ByteBuffer, VectorFile.Made> made = read(unread);
      met.putAll(made);
      if (kept != null) {
        kept.put(made);
        own.addAll(made.keySet());
      }
      for (int i = from; i < to; i++) {
        VectorFile.Made found = Objects.requireNonNull(known(names[i - from], met));
        vectors[order[i]] = found.vector();
        if (kept != null && own.add(names[i - from])) {
          saved += found.seconds();
        }
      }
      read += made.size();
      progress.at(to, pieces, read);
    }
    return vectors;
  }

  private VectorFile.@Nullable Made known(ByteBuffer name, Map<ByteBuffer, VectorFile.Made> met) {
    VectorFile.Made vector = met.get(name);
    return vector == null && kept != null ? kept.get(name) : vector;
  }

  /** Makes vectors; the time is shared out by the texts' lengths. */
  private Map<ByteBuffer, VectorFile.Made> read(Map<ByteBuffer, int[]> texts) {
    Map<ByteBuffer, VectorFile.Made> made = new LinkedHashMap<>();
    if (!texts.isEmpty()) {
      long started = System.nanoTime();
      float[][] vectors = encoder.vectors(texts.values().toArray(int[][]::new));
      double seconds = (System.nanoTime() - started) / 1e9;
      double all = texts.values().stream().mapToDouble(text -> 1.0 + text.length).sum();
      int at = 0;
      for (Map.Entry<ByteBuffer, int[]> text : texts.entrySet()) {
        double share = (1.0 + text.getValue().length) / all;
        made.put(text.getKey(), new VectorFile.Made(vectors[at++], (float) (seconds * share)));
      }
    }
    return made;
  }

  @Override
  public void close() {
    encoder.close();
    if (kept != null) {
      kept.close();
    }
  }
}
