package org.ulmfit.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.MLReader;

/**
 * Reads what {@link TextClassificationWriter} wrote; the classifier's folder is copied to the
 * driver.
 */
final class TextClassificationReader extends MLReader<TextClassificationModel> {

  @Override
  public TextClassificationModel load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader$.MODULE$.loadMetadata(
            path, sparkSession(), TextClassificationModel.class.getName());
    var source = new org.apache.hadoop.fs.Path(path, TextClassificationWriter.FOLDER);
    try {
      Path local = Files.createTempDirectory("ulmfit-spark");
      local.toFile().deleteOnExit();
      FileSystem files = source.getFileSystem(sc().hadoopConfiguration());
      Path dir = local.resolve(TextClassificationWriter.FOLDER);
      files.copyToLocalFile(false, source, new org.apache.hadoop.fs.Path(dir.toUri()), true);
      TextClassificationModel model =
          new TextClassificationModel(metadata.uid(), ModelFiles.ofDriver(dir));
      metadata.getAndSetParams(model, metadata.getAndSetParams$default$2());
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
