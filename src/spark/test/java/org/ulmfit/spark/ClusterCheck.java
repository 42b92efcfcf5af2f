package org.ulmfit.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.ulmfit.prepare.PreparedBytes;

/**
 * A classifier, and the preparation of a language model's texts, in executors of their own
 * processes, one of which dies in the middle of a task; {@code scripts/spark-cluster} starts it.
 */
public final class ClusterCheck {
  private ClusterCheck() {}

  /**
   * Runs it.
   *
   * @param args the master, a classifier's folder, JSON lines of texts, and how many partitions
   */
  public static void main(String[] args) throws IOException {
    SparkSession spark = SparkSession.builder().master(args[0]).getOrCreate();
    int partitions = Integer.parseInt(args[3]);
    Dataset<Row> texts = spark.read().json(args[2]).select("id", "text").repartition(partitions);
    TextClassificationModel model = TextClassificationModel.of(args[1]).setOutputCol("answer");
    long started = System.nanoTime();
    Map<String, String> left = answers(model.transform(texts));
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        "%s, %d partitions: %d texts, %.1f s, %.0f texts/s with the start of the executors%n",
        args[0], partitions, left.size(), seconds, left.size() / seconds);
    Path dir = Files.createTempDirectory("ulmfit-cluster");
    Map<String, String> killed = answers(model.transform(deadly(texts, dir.resolve("died-1"))));
    boolean same = left.equals(killed) && left.size() == texts.count();
    System.out.println("with an executor that died: " + (same ? "the same answers" : "OTHERS"));
    same &= preparesTheSame(texts, deadly(texts, dir.resolve("died-2")), dir);
    spark.stop();
    System.exit(same ? 0 : 1);
  }

  /** The same texts, but that the first executor of a machine to see the second part dies of it. */
  private static Dataset<Row> deadly(Dataset<Row> texts, Path once) {
    String file = once.toString();
    MapFunction<Row, Row> dies =
        row -> {
          if (TaskContext.get().partitionId() == 1 && new File(file).createNewFile()) {
            Runtime.getRuntime().halt(9);
          }
          return row;
        };
    return texts.map(dies, Encoders.row(texts.schema()));
  }

  private static boolean preparesTheSame(Dataset<Row> texts, Dataset<Row> deadly, Path dir)
      throws IOException {
    long started = System.nanoTime();
    CorpusPreparation.of(texts).into(dir.resolve("left").toString());
    double seconds = (System.nanoTime() - started) / 1e9;
    CorpusPreparation.of(deadly).into(dir.resolve("killed").toString());
    boolean same = true;
    for (String name : PreparedBytes.FILES) {
      same &=
          Files.mismatch(dir.resolve("left").resolve(name), dir.resolve("killed").resolve(name))
              < 0;
    }
    System.out.printf("prepared in %.1f s; with an executor that died: ", seconds);
    System.out.println(same ? "the same bytes" : "OTHERS");
    return same;
  }

  private static Map<String, String> answers(Dataset<Row> rows) {
    Map<String, String> all = new HashMap<>();
    for (Row row : rows.select("id", "answer").collectAsList()) {
      if (all.put(row.getString(0), row.getString(1)) != null) {
        throw new IllegalStateException(row.getString(0) + ": there twice");
      }
    }
    return all;
  }
}
