package org.ulmfit.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.MLReader;
import org.ulmfit.io.ScratchFolder;

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
      ScratchFolder local = ScratchFolder.make(); // the model's as long as this process lives
      Runtime.getRuntime().addShutdownHook(new Thread(local::close));
      FileSystem files = source.getFileSystem(sc().hadoopConfiguration());
      Path dir = local.path().resolve(TextClassificationWriter.FOLDER);
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
