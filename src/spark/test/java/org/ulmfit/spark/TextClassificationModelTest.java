package org.ulmfit.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;

/** A classifier in a real Spark session, on two threads. */
class TextClassificationModelTest {
  private static final StructType TEXTS =
      new StructType().add("id", DataTypes.IntegerType).add("text", DataTypes.StringType);

  @TempDir static Path dir;
  private static SparkSession spark;
  private static Path network; // one label, on the engine
  private static Path several; // any number of labels, n-grams

  @BeforeAll
  static void begin() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .appName("ulmfit")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", dir.resolve("warehouse").toUri().toString())
            .getOrCreate();
    Random random = new Random(3);
    List<Document> one = new ArrayList<>();
    List<Document> many = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      boolean sweet = random.nextBoolean();
      boolean hot = random.nextBoolean();
      String text = (sweet ? "honey sugar " : "salt ") + (hot ? "pepper chili" : "ice") + " " + i;
      one.add(Document.of(text, sweet ? "sweet" : "plain"));
      List<String> labels = new ArrayList<>(sweet ? List.of("sweet") : List.of());
      if (hot) {
        labels.add("hot");
      }
      many.add(Document.of(text, labels));
    }
    network = dir.resolve("network");
    several = dir.resolve("several");
    Ulmfit.classifier(Corpus.of(one)).recipe("mean-embedding").device("cpu").into(network);
    Ulmfit.classifier(Corpus.of(many)).recipe("ngram-lr").into(several);
  }

  @AfterAll
  static void end() {
    spark.stop();
  }

  private static Dataset<Row> texts(int rows) {
    List<Row> all = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      String text =
          i % 10 == 9 ? null : (i % 2 == 0 ? "honey " : "salt ") + (i % 3 == 0 ? "ice" : "chili");
      all.add(RowFactory.create(i, text));
    }
    return spark.createDataFrame(all, TEXTS);
  }

  private static Map<Integer, Row> byId(Dataset<Row> rows) {
    Map<Integer, Row> all = new HashMap<>();
    rows.collectAsList().forEach(row -> all.put(row.getInt(0), row));
    return all;
  }

  @Test
  void anyNumberOfPartitionsGivesTheAnswersOfTextClassifier() {
    TextClassificationModel model =
        TextClassificationModel.of(network.toString()).setOutputCol("label").setBatchSize(7);
    int before = ExecutorModels.open();
    try (TextClassifier classifier = TextClassifier.load(network, "auto", null)) {
      for (int partitions : new int[] {1, 4, 16}) {
        Map<Integer, Row> answers = byId(model.transform(texts(100).repartition(partitions)));
        assertEquals(100, answers.size());
        for (Row row : answers.values()) {
          if (row.isNullAt(1)) {
            assertNull(row.getAs("label"));
            assertNull(row.getAs("probability"));
            continue;
          }
          Prediction expected = classifier.predict(row.getString(1));
          assertEquals(expected.label(), row.getAs("label"));
          assertArrayEquals(
              expected.probabilities().values().stream().mapToDouble(p -> p).toArray(),
              row.<Vector>getAs("probability").toArray(),
              1e-5);
        }
      }
      assertEquals(classifier.labels(), model.labels());
    }
    assertTrue(ExecutorModels.open() <= before + 1, "one for all tasks");
  }

  @Test
  void aPipelineIsSavedAndLoadedWithIt() throws Exception {
    TextClassificationModel model =
        TextClassificationModel.of(network.toString()).setOutputCol("label").setProbabilityCol("");
    StringIndexer index = new StringIndexer().setInputCol("label").setOutputCol("index");
    Dataset<Row> rows = texts(60).na().drop();
    PipelineModel pipeline = new Pipeline().setStages(new PipelineStage[] {model, index}).fit(rows);
    Path saved = dir.resolve("pipeline");
    pipeline.write().overwrite().save(saved.toString());
    PipelineModel loaded = PipelineModel.load(saved.toString());
    assertEquals(byId(pipeline.transform(rows)), byId(loaded.transform(rows)));
    Path alone = dir.resolve("alone");
    model.write().overwrite().save(alone.toString());
    TextClassificationModel again = TextClassificationModel.load(alone.toString());
    assertEquals(model.uid(), again.uid());
    assertEquals(byId(model.transform(rows)), byId(again.transform(rows)));
  }

  @Test
  void severalLabelsAreAnArray() {
    TextClassificationModel model =
        TextClassificationModel.shared(several.toString()).setOutputCol("labels");
    Map<Integer, Row> answers = byId(model.transform(texts(30)));
    try (TextClassifier classifier = TextClassifier.load(several, "auto", null)) {
      for (Row row : answers.values()) {
        if (!row.isNullAt(1)) {
          assertEquals(classifier.predict(row.getString(1)).labels(), row.getList(2));
        }
      }
    }
  }

  @Test
  void whatCannotBeIsRefusedBeforeAJobBegins() {
    String folder = network.toString();
    assertRefused("no column review", TextClassificationModel.of(folder).setInputCol("review"));
    assertRefused("not texts", TextClassificationModel.of(folder).setInputCol("id"));
    assertRefused("is there already", TextClassificationModel.of(folder).setOutputCol("text"));
    assertRefused(
        "reads 1 text columns", TextClassificationModel.of(folder).setInputCols("id", "text"));
    assertRefused(
        "no column review",
        TextClassificationModel.of(folder).setInputCols("text").setInputCol("review"));
    assertThrows(
        UlmfitException.class, () -> TextClassificationModel.of(dir.resolve("no").toString()));
  }

  private static void assertRefused(String why, TextClassificationModel model) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> model.transform(texts(3)));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
