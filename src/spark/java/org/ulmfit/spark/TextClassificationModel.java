package org.ulmfit.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;

/**
 * A classifier of ulmfit, of whatever family, an ensemble too, as a model of Spark ML: a column of
 * texts in, a column of labels and one of probabilities out. In a {@code Pipeline} as any other
 * model, saved and loaded as one.
 *
 * <pre>{@code
 * TextClassificationModel model =
 *     TextClassificationModel.of("classifier-run").setInputCol("text").setOutputCol("label");
 * Dataset<Row> labelled = model.transform(spark.read().json("reviews"));
 * }</pre>
 *
 * <p>The output column holds a string, of models with several labels an array of strings, which may
 * be empty; the probability column a vector in the order of {@link #labels}. A row without a text
 * (null) has neither. Each executor opens the model once, for all of its tasks.
 */
public final class TextClassificationModel extends Model<TextClassificationModel>
    implements MLWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final ModelFiles files;
  private final Param<String> inputCol;
  private final StringArrayParam inputCols;
  private final Param<String> outputCol;
  private final Param<String> probabilityCol;
  private final IntParam batchSize;

  TextClassificationModel(String uid, ModelFiles files) {
    this.uid = uid;
    this.files = files;
    inputCol = new Param<>(this, "inputCol", "column of texts");
    inputCols = new StringArrayParam(this, "inputCols", "columns of a model that reads several");
    outputCol = new Param<>(this, "outputCol", "column that gets the answer");
    probabilityCol =
        new Param<>(this, "probabilityCol", "column that gets the probabilities; empty: none");
    batchSize =
        new IntParam(
            this, "batchSize", "rows answered at once", ParamValidators.inRange(1, 1_000_000));
    setDefault(inputCol, "text");
    setDefault(outputCol, "prediction");
    setDefault(probabilityCol, "probability");
    setDefault(batchSize, 256);
  }

  /**
   * A classifier in a folder of the driver's machine, which is sent to the executors.
   *
   * @param dirOrRun model folder, that of an ensemble too, or the run folder of {@code ulmfit
   *     classify}
   * @throws org.ulmfit.UlmfitException if there is none, or it is incomplete or damaged
   */
  public static TextClassificationModel of(String dirOrRun) {
    return new TextClassificationModel(newUid(), ModelFiles.ofDriver(Path.of(dirOrRun)));
  }

  /**
   * A classifier in a folder that driver and executors reach by the same path; nothing is sent.
   *
   * @throws org.ulmfit.UlmfitException as {@link #of}
   */
  public static TextClassificationModel shared(String dirOrRun) {
    return new TextClassificationModel(newUid(), ModelFiles.shared(Path.of(dirOrRun)));
  }

  private static String newUid() {
    return Identifiable$.MODULE$.randomUID("ulmfit");
  }

  /** Reads what {@link #write} wrote. */
  public static TextClassificationModel load(String path) {
    return read().load(path);
  }

  /** What reads models of this kind; Spark asks for it where a pipeline is loaded. */
  public static MLReader<TextClassificationModel> read() {
    return new TextClassificationReader();
  }

  @Override
  public MLWriter write() {
    return new TextClassificationWriter(this);
  }

  ModelFiles files() {
    return files;
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Labels, in the order of the probabilities. */
  public List<String> labels() {
    return files.labels();
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public StringArrayParam inputCols() {
    return inputCols;
  }

  public Param<String> outputCol() {
    return outputCol;
  }

  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  /** The column of texts; default {@code text}. */
  public TextClassificationModel setInputCol(String column) {
    clear(inputCols); // what was said last holds
    set(inputCol, column);
    return this;
  }

  /** The columns of a model that was trained on several, in the order of its training. */
  public TextClassificationModel setInputCols(String... columns) {
    set(inputCols, columns);
    return this;
  }

  /** The column that gets the answer; default {@code prediction}. */
  public TextClassificationModel setOutputCol(String column) {
    set(outputCol, column);
    return this;
  }

  /** The column that gets the probabilities; default {@code probability}; empty: none is made. */
  public TextClassificationModel setProbabilityCol(String column) {
    set(probabilityCol, column);
    return this;
  }

  /** How many rows are answered at once; default 256. */
  public TextClassificationModel setBatchSize(int rows) {
    set(batchSize, rows);
    return this;
  }

  private <T> T value(Param<T> param) {
    return Objects.requireNonNull(getOrDefault(param));
  }

  private String[] inputs() {
    return isSet(inputCols) ? value(inputCols) : new String[] {value(inputCol)};
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType after = transformSchema(schema);
    int[] columns = TextColumns.of(schema, List.of(inputs()));
    ModelFiles.Sent sent = files.send(dataset.sparkSession().sparkContext());
    boolean probabilities = !value(probabilityCol).isEmpty();
    int rows = (Integer) getOrDefault(batchSize);
    MapPartitionsFunction<Row, Row> answer =
        partition -> new AnsweredRows(partition, sent, columns, rows, probabilities);
    return dataset.toDF().mapPartitions(answer, Encoders.row(after));
  }

  /**
   * @throws IllegalArgumentException if an input column is not there or holds no strings, there are
   *     not as many as the model reads, or an output column is there already
   */
  @Override
  public StructType transformSchema(StructType schema) {
    String[] inputs = inputs();
    if (inputs.length != files.fields()) {
      throw new IllegalArgumentException(
          Shown.format(
              "the model reads %d text columns, not %d (%s); name them with setInputCols",
              files.fields(), inputs.length, String.join(", ", inputs)));
    }
    TextColumns.of(schema, List.of(inputs));
    List<String> there = Arrays.asList(schema.fieldNames());
    StructType after = schema;
    for (StructField added : added()) {
      if (there.contains(added.name())) {
        throw new IllegalArgumentException(
            Shown.format(
                "column %s is there already; name another with setOutputCol or setProbabilityCol",
                added.name()));
      }
      after = after.add(added);
    }
    return after;
  }

  private List<StructField> added() {
    List<StructField> added = new ArrayList<>();
    DataType answer =
        files.labelling() == Labelling.MULTI
            ? ArrayType.apply(DataTypes.StringType, false)
            : DataTypes.StringType;
    added.add(DataTypes.createStructField(value(outputCol), answer, true));
    if (!value(probabilityCol).isEmpty()) {
      added.add(
          DataTypes.createStructField(value(probabilityCol), SQLDataTypes.VectorType(), true));
    }
    return added;
  }

  @Override
  public TextClassificationModel copy(ParamMap extra) {
    return copyValues(new TextClassificationModel(uid, files), extra).setParent(parent());
  }
}
