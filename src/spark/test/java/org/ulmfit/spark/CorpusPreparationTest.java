package org.ulmfit.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ulmfit.prepare.PreparedBytes.assertSame;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.Shard;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PrepareReport;
import org.ulmfit.prepare.PreparedLm;

/**
 * Texts prepared in a real Spark session, on two threads, where a task may fail once. What Kryo can
 * write, which many clusters take, Java's own serialization can, too.
 */
class CorpusPreparationTest {
  private static final StructType TEXTS =
      new StructType().add("id", DataTypes.IntegerType).add("text", DataTypes.StringType);
  private static final AtomicInteger FAILED = new AtomicInteger();

  @TempDir static Path dir;
  private static SparkSession spark;
  private static final List<String> ALL = texts();

  @BeforeAll
  static void begin() {
    spark =
        SparkSession.builder()
            .master("local[2,2]")
            .appName("ulmfit")
            .config("spark.ui.enabled", "false")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.sql.warehouse.dir", dir.resolve("warehouse").toUri().toString())
            .getOrCreate();
  }

  @AfterAll
  static void end() {
    spark.stop();
  }

  private static List<String> texts() {
    Random random = new Random(4);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = 0; word < 12; word++) {
        text.append("word").append((int) Math.abs(30 * random.nextGaussian())).append(' ');
      }
      all.add(i % 20 == 19 ? all.get(0) : text.toString());
    }
    return all;
  }

  private static Dataset<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      rows.add(RowFactory.create(i, ALL.get(i)));
    }
    rows.add(RowFactory.create(-1, null));
    rows.add(RowFactory.create(-2, "  "));
    return spark.createDataFrame(rows, TEXTS);
  }

  private static CorpusPreparation preparation(Dataset<Row> rows) {
    return CorpusPreparation.of(rows).set("vocab.minFreq", 2).set("seed", 7);
  }

  /** The same without Spark. */
  private static Prepare plain() {
    Recipe recipe = Recipes.load(null, List.of("vocab.minFreq=2", "seed=7"));
    return new Prepare(recipe, line -> {}, new Stop());
  }

  /** The vocabulary is that of parts which other programs make of the same documents. */
  private static void assertSameWords(Path spark, List<Document> documents, int of)
      throws IOException {
    Path parts = Files.createTempDirectory(dir, "parts");
    for (int shard = 0; shard < of; shard++) {
      plain().part(Corpus.of(documents), new Shard(shard, of), parts);
    }
    Path joined = Files.createTempDirectory(dir, "joined");
    plain().join(Corpus.at(parts), joined);
    assertArrayEquals(
        Files.readAllBytes(spark.resolve("vocab.txt")),
        Files.readAllBytes(joined.resolve("vocab.txt")));
  }

  @Test
  void anyNumberOfPartitionsGivesTheSameBytes() throws Exception {
    Path one = dir.resolve("one");
    PrepareReport report = preparation(rows().repartition(1)).into(one.toString());
    assertEquals(122, report.summary().rows());
    assertEquals(120, report.summary().used());
    assertTrue(report.summary().notes().contains("6 rows repeat an earlier text"));
    for (int partitions : new int[] {4, 16, 150}) {
      Path some = dir.resolve("of-" + partitions);
      preparation(rows().repartition(partitions)).into(some.toString());
      assertSame(one, some);
      assertFalse(Files.exists(some.resolve("parts.tmp")));
    }
    PreparedLm data = plain().languageModel(Corpus.at(one), null, dir.resolve("unused"), 0);
    try (data) {
      assertEquals(120, data.train().size() + data.valid().size());
      assertTrue(data.valid().size() > 0);
    }
  }

  @Test
  void otherTextsOfTheSameWordsAreNotTakenForTheSame() throws Exception {
    Path out = dir.resolve("twice");
    preparation(rows().repartition(1)).into(out.toString());
    byte[] before = Files.readAllBytes(out.resolve("lm/train.tokens"));
    List<Row> less = new ArrayList<>(rows().collectAsList());
    less.set(5, RowFactory.create(5, ALL.get(6))); // one text again, in place of another
    preparation(spark.createDataFrame(less, TEXTS).repartition(1)).into(out.toString());
    assertFalse(Arrays.equals(before, Files.readAllBytes(out.resolve("lm/train.tokens"))));
  }

  @Test
  void aTaskThatFailsIsDoneAgain() throws Exception {
    Path whole = dir.resolve("whole");
    preparation(rows().repartition(4)).into(whole.toString());
    MapFunction<Row, Row> fails =
        row -> {
          TaskContext task = TaskContext.get();
          if (task.partitionId() == 1 && task.attemptNumber() == 0 && row.getInt(0) % 3 == 0) {
            FAILED.incrementAndGet();
            throw new IllegalStateException("on purpose");
          }
          return row;
        };
    Path again = dir.resolve("again");
    preparation(rows().repartition(4).map(fails, Encoders.row(TEXTS))).into(again.toString());
    assertEquals(1, FAILED.get());
    assertSame(whole, again);
  }

  @Test
  void theVocabularyIsThatOfAnyProgramThatJoinsParts() throws Exception {
    Path spark = dir.resolve("by-spark");
    preparation(rows().repartition(3)).into(spark.toString());
    assertSameWords(spark, ALL.stream().map(text -> Document.of(text)).toList(), 2);
  }

  @Test
  void aTokenizersFileGoesWithIt() throws Exception {
    Path file = dir.resolve("tokenizer.json");
    Files.writeString(
        file,
        """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
         "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null,
         "model":{"type":"WordLevel","vocab":{"[UNK]":0,"word1":1,"word2":2,"word3":3},"unk_token":"[UNK]"}}
        """);
    Path out = dir.resolve("pieces");
    PrepareReport report =
        CorpusPreparation.of(rows().repartition(3))
            .set("text.tokenizer", file)
            .set("text.rules", "none")
            .into(out.toString());
    assertTrue(report.mostFrequent().stream().anyMatch(line -> line.contains("word1")));
    assertEquals(Files.readString(file), Files.readString(out.resolve("tokenizer.json")));
  }

  @Test
  void severalColumnsAreOneTextAndAnEmptyCellIsNone() throws Exception {
    StructType columns =
        new StructType().add("title", DataTypes.StringType).add("body", DataTypes.StringType);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      rows.add(RowFactory.create(i % 5 == 0 ? null : "title" + i % 3, ALL.get(i)));
    }
    rows.add(RowFactory.create(null, " "));
    Path out = dir.resolve("columns");
    PrepareReport report =
        preparation(spark.createDataFrame(rows, columns).repartition(3))
            .setInputCols("title", "body")
            .into(out.toString());
    assertEquals(121, report.summary().rows());
    assertEquals(120, report.summary().used());
    assertEquals(2, report.summary().columns().fields());
    List<Document> documents = new ArrayList<>();
    for (Row row : rows.subList(0, ALL.size())) {
      String title = row.isNullAt(0) ? "" : row.getString(0);
      documents.add(new Document("", List.of(title, row.getString(1)), null));
    }
    assertSameWords(out, documents, 1);
  }

  @Test
  void noTextsAreToldOf() {
    for (Dataset<Row> none : List.of(rows().filter("id < 0"), rows().filter("id < -9"))) {
      UlmfitException e =
          assertThrows(
              UlmfitException.class, () -> preparation(none).into(dir.resolve("none").toString()));
      assertTrue(e.getMessage().contains("no "), e.getMessage());
    }
  }

  @Test
  void whatCannotBeIsRefusedBeforeAJobBegins() {
    String out = dir.resolve("refused").toString();
    assertThrows(
        IllegalArgumentException.class,
        () -> CorpusPreparation.of(rows()).setInputCol("review").into(out));
    assertThrows(
        IllegalArgumentException.class,
        () -> CorpusPreparation.of(rows()).setInputCol("id").into(out));
    for (String set : List.of("text.tokenizer=train:300", "corpus.standardise=lesson")) {
      String[] one = set.split("=");
      UlmfitException e =
          assertThrows(
              UlmfitException.class,
              () -> CorpusPreparation.of(rows()).set(one[0], one[1]).into(out));
      assertTrue(e.getMessage().contains("at once") || e.getMessage().contains("all the texts"));
    }
    assertFalse(Files.exists(Path.of(out)));
  }
}
