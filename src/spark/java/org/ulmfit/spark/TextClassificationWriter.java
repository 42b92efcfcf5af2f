package org.ulmfit.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLWriter;

/** Writes a model as Spark ML has them: {@code metadata}, and the classifier's folder beside it. */
final class TextClassificationWriter extends MLWriter {
  static final String FOLDER = "classifier";

  private final TextClassificationModel model;

  TextClassificationWriter(TextClassificationModel model) {
    this.model = model;
  }

  @Override
  public void saveImpl(String path) {
    ModelFiles.check(model.files().dir(), model.files().sum());
    DefaultParamsWriter$.MODULE$.saveMetadata(model, path, sparkSession());
    Path target = new Path(path, FOLDER);
    try {
      FileSystem files = target.getFileSystem(sc().hadoopConfiguration());
      files.copyFromLocalFile(false, true, new Path(model.files().dir().toUri()), target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
