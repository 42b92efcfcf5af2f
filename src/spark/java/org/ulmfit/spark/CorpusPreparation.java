package org.ulmfit.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.prepare.PrepareReport;

/**
 * Stage 1 for a language model on Spark: executors tokenize the texts, the driver joins what they
 * made into a folder of prepared data, which {@code ulmfit lm-finetune} takes.
 *
 * <pre>{@code
 * CorpusPreparation.of(spark.read().json("texts")).setInputCol("text").into("prepared");
 * }</pre>
 *
 * <p>What is made depends neither on the order of the rows nor on the number of partitions, to the
 * byte: documents stand by a hash of their text, which also decides whether one validates. Parts
 * are kept on the executors' disks until the driver has them, and made again where they are lost.
 * The tokens of a partition, four bytes each, go to the driver as one result: where {@code
 * spark.driver.maxResultSize} is too small for one, take more partitions.
 */
public final class CorpusPreparation {
  private final Dataset<?> texts;
  private final List<String> overrides = new ArrayList<>();
  private List<String> columns = List.of("text");
  private @Nullable Path recipe;
  private Consumer<String> listener = line -> {};

  private CorpusPreparation(Dataset<?> texts) {
    this.texts = texts;
  }

  /** Of rows with a column of texts; those without a text are left out and counted. */
  public static CorpusPreparation of(Dataset<?> texts) {
    return new CorpusPreparation(texts);
  }

  /** The column of texts; {@code text} unless set. */
  public CorpusPreparation setInputCol(String column) {
    return setInputCols(column);
  }

  /** Columns that are read as one text, in this order; a row is left out if all are empty. */
  public CorpusPreparation setInputCols(String... names) {
    columns = List.of(names);
    return this;
  }

  /** A recipe by the name of one that ships with ulmfit, or a YAML file of the driver's machine. */
  public CorpusPreparation recipe(String nameOrFile) {
    recipe = Path.of(nameOrFile);
    return this;
  }

  /** One key of the recipe, such as {@code vocab.maxSize}; may be repeated. */
  public CorpusPreparation set(String key, Object value) {
    overrides.add(key + "=" + value);
    return this;
  }

  /** Hears of what is worth telling. */
  public CorpusPreparation listener(Consumer<String> value) {
    listener = value;
    return this;
  }

  /**
   * Does it.
   *
   * @param dir a folder of the driver's machine
   * @return what was prepared
   * @throws IllegalArgumentException if a column is not there or holds no strings
   * @throws UlmfitException (usage) if the recipe needs all texts at once; (bad data) if there are
   *     too few texts
   */
  public PrepareReport into(String dir) {
    Recipe settled = Recipes.load(recipe, overrides);
    Prepare.checkParts(settled);
    int[] fields = TextColumns.of(texts.schema(), columns);
    Path out = Path.of(dir);
    Path parts = out.resolve("parts.tmp");
    JavaRDD<PartOfCorpus.Piece> made =
        texts
            .toDF()
            .javaRDD()
            .mapPartitions(new PartOfCorpus(settled, fields, "columns " + columns))
            .persist(StorageLevel.DISK_ONLY());
    try {
      AtomicFiles.deleteTree(parts);
      made.count(); // all parts, side by side
      fetch(made.toLocalIterator(), parts);
      return new Prepare(settled, listener, new Stop()).join(Corpus.at(parts), out);
    } catch (IOException e) {
      throw UlmfitException.cannotWrite(parts, e);
    } finally {
      made.unpersist();
      AtomicFiles.tryToDelete(parts);
    }
  }

  private static void fetch(Iterator<PartOfCorpus.Piece> pieces, Path parts) throws IOException {
    while (pieces.hasNext()) {
      PartOfCorpus.Piece piece = pieces.next();
      Path file = Prepare.partFolder(parts, piece.own()).resolve(piece.file());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      if ((Files.exists(file) ? Files.size(file) : 0) != piece.at()) {
        throw UlmfitException.failure(file + ": a piece came twice or not at all", null);
      }
      Files.write(file, piece.bytes(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
