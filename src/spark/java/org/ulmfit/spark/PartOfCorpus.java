package org.ulmfit.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Shard;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.prepare.TokenPartWriter;
import org.ulmfit.text.TokenizerSpec;

/** Tokenizes a partition, on an executor: rows in, the files of a part in pieces out. */
final class PartOfCorpus implements FlatMapFunction<Iterator<Row>, PartOfCorpus.Piece> {
  private static final long serialVersionUID = 1;
  private static final int PIECE = 1 << 22;
  private static final String TOKENIZER = "tokenizer.json";

  private final String recipe; // in YAML
  private final @Nullable String tokenizer; // content of its file
  private final int[] columns;
  private final String input;

  PartOfCorpus(Recipe recipe, int[] columns, String input) {
    this.recipe = Recipes.toYaml(recipe);
    this.tokenizer =
        TokenizerSpec.parse(recipe.text().tokenizer()) instanceof TokenizerSpec.Subword file
            ? file.content()
            : null;
    this.columns = columns;
    this.input = input;
  }

  /** Some bytes of a file. No record: Kryo, which Spark may be told to use, reads none. */
  static final class Piece implements Serializable {
    private static final long serialVersionUID = 1;

    private final int part;
    private final int of;
    private final String file;
    private final long at;
    private final byte[] bytes;

    /**
     * @param at where they stand in the file
     */
    private Piece(Shard own, String file, long at, byte[] bytes) {
      this.part = own.number();
      this.of = own.of();
      this.file = file;
      this.at = at;
      this.bytes = bytes;
    }

    Shard own() {
      return new Shard(part, of);
    }

    String file() {
      return file;
    }

    long at() {
      return at;
    }

    byte[] bytes() {
      return bytes;
    }
  }

  @Override
  public Iterator<Piece> call(Iterator<Row> rows) {
    TaskContext task = Objects.requireNonNull(TaskContext.get()); // there is one in a task
    ScratchFolder scratch = ScratchFolder.make();
    task.addTaskCompletionListener((TaskCompletionListener) ended -> scratch.close());
    Shard own = new Shard(task.partitionId(), task.numPartitions());
    Path dir = scratch.path().resolve("part");
    try {
      Files.createDirectory(dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (TokenPartWriter writer =
        new TokenPartWriter(dir, recipe(scratch.path()), own, columns.length)) {
      while (rows.hasNext()) {
        writer.add(fields(rows.next()));
      }
      writer.finish(input, task.cpus());
    }
    return new Pieces(dir, own);
  }

  /** The recipe on this machine, where a tokenizer's file has its own place. */
  private Recipe recipe(Path scratch) {
    if (tokenizer == null) {
      return Recipes.parse(recipe, "the driver's recipe", List.of());
    }
    Path file = scratch.resolve(TOKENIZER);
    AtomicFiles.writeString(file, tokenizer);
    return Recipes.parse(
        recipe,
        "the driver's recipe",
        List.of(Recipes.override("text.tokenizer", file.toString())));
  }

  /** A cell without a text is an empty one, as in a file. */
  private List<String> fields(Row row) {
    String[] fields = new String[columns.length];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = row.isNullAt(columns[i]) ? "" : row.getString(columns[i]);
    }
    return List.of(fields);
  }

  /** The files of a folder, piece by piece. */
  private static final class Pieces implements Iterator<Piece> {
    private final Path dir;
    private final Shard own;
    private final Iterator<Path> files;
    private @Nullable Path file;
    private long at;

    Pieces(Path dir, Shard own) {
      this.dir = dir;
      this.own = own;
      try (Stream<Path> all = Files.list(dir)) {
        this.files = all.sorted().toList().iterator();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean hasNext() {
      return file != null || files.hasNext();
    }

    @Override
    public Piece next() {
      if (file == null) {
        if (!files.hasNext()) {
          throw new NoSuchElementException();
        }
        file = files.next();
        at = 0;
      }
      Path from = file;
      try (InputStream in = Files.newInputStream(from)) {
        in.skipNBytes(at);
        byte[] bytes = in.readNBytes(PIECE);
        Piece piece = new Piece(own, dir.relativize(from).toString(), at, bytes);
        at += bytes.length;
        file = at < Files.size(from) ? from : null;
        return piece;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
