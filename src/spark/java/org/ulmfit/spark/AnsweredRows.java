package org.ulmfit.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;

/** The rows of a partition with their answers, some at a time. */
final class AnsweredRows implements Iterator<Row> {
  private final Iterator<Row> rows;
  private final TextClassifier classifier;
  private final int[] columns;
  private final int batch;
  private final boolean probabilities;
  private final Queue<Row> answered = new ArrayDeque<>();

  /**
   * @param columns of the texts
   * @param batch rows at once
   * @param probabilities whether these have a column
   */
  AnsweredRows(
      Iterator<Row> rows, ModelFiles.Sent model, int[] columns, int batch, boolean probabilities) {
    this.rows = rows;
    this.columns = columns;
    this.batch = batch;
    this.probabilities = probabilities;
    TaskContext task = Objects.requireNonNull(TaskContext.get()); // there is one in a task
    this.classifier = ExecutorModels.acquire(model, task.cpus());
    task.addTaskCompletionListener((TaskCompletionListener) ended -> ExecutorModels.release(model));
  }

  @Override
  public boolean hasNext() {
    return !answered.isEmpty() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (answered.isEmpty()) {
      fill();
    }
    Row row = answered.poll();
    if (row == null) {
      throw new NoSuchElementException();
    }
    return row;
  }

  private void fill() {
    List<Row> batched = new ArrayList<>();
    List<List<String>> texts = new ArrayList<>();
    while (batched.size() < batch && rows.hasNext()) {
      Row row = rows.next();
      batched.add(row);
      if (!isNull(row)) {
        texts.add(fields(row));
      }
    }
    Iterator<Prediction> answers = classifier.predictFields(texts).iterator();
    for (Row row : batched) {
      answered.add(with(row, isNull(row) ? null : answers.next()));
    }
  }

  private boolean isNull(Row row) {
    for (int column : columns) {
      if (row.isNullAt(column)) {
        return true;
      }
    }
    return false;
  }

  private List<String> fields(Row row) {
    List<String> fields = new ArrayList<>();
    for (int column : columns) {
      fields.add(row.getString(column));
    }
    return fields;
  }

  private Row with(Row row, @Nullable Prediction answer) {
    Object[] values = new Object[row.size() + (probabilities ? 2 : 1)];
    for (int column = 0; column < row.size(); column++) {
      values[column] = row.get(column);
    }
    if (answer != null) {
      values[row.size()] =
          answer.labelling() == Labelling.MULTI
              ? answer.labels().toArray(String[]::new)
              : answer.label();
      if (probabilities) {
        values[row.size() + 1] =
            Vectors.dense(answer.probabilities().values().stream().mapToDouble(p -> p).toArray());
      }
    }
    return RowFactory.create(values);
  }
}
