package org.ulmfit.runtimes;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.nio.file.Path;
import java.util.Arrays;

/** An exported network as any program that uses DJL would run it. */
public final class DjlModel implements AutoCloseable {

  private final ZooModel<NDList, NDList> model;
  private final Predictor<NDList, NDList> predictor;

  /** The model of an exported folder, or its file. */
  public DjlModel(Path path) throws Exception {
    Criteria<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(path)
            .optEngine("PyTorch")
            .optTranslator(new NoopTranslator())
            .build();
    model = criteria.loadModel();
    predictor = model.newPredictor();
  }

  /** Logits (documents, classes), the documents padded to the longest. */
  public float[][] logits(int[][] documents) throws TranslateException {
    long[] lengths = Arrays.stream(documents).mapToLong(d -> d.length).toArray();
    return logits(documents, (int) Arrays.stream(lengths).max().orElseThrow(), lengths);
  }

  /**
   * Logits (documents, classes).
   *
   * @param width of the ids
   */
  float[][] logits(int[][] documents, int width, long... lengths) throws TranslateException {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDArray ids = manager.create(RandomNetwork.padded(documents, width));
      NDArray logits =
          predictor.predict(new NDList(ids, manager.create(lengths))).singletonOrThrow();
      float[] flat = logits.toFloatArray();
      int classes = flat.length / documents.length;
      float[][] rows = new float[documents.length][];
      Arrays.setAll(rows, d -> Arrays.copyOfRange(flat, d * classes, (d + 1) * classes));
      return rows;
    }
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
