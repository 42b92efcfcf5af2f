package org.ulmfit.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.predict.TextClassifier;

/**
 * The folder of a classifier, as the driver has it.
 *
 * @param dir of the model
 * @param sum what it is known by
 * @param shared whether executors reach it by the same path
 * @param labels in the order of the probabilities
 * @param fields texts of a row
 */
record ModelFiles(
    Path dir, String sum, boolean shared, List<String> labels, Labelling labelling, int fields) {

  /**
   * One to be sent.
   *
   * @throws UlmfitException if it is none, or incomplete or damaged
   */
  static ModelFiles ofDriver(Path dirOrRun) {
    return open(dirOrRun, false);
  }

  /** One that nobody has to send. */
  static ModelFiles shared(Path dirOrRun) {
    return open(dirOrRun, true);
  }

  private static ModelFiles open(Path dirOrRun, boolean shared) {
    Path dir = ModelFolder.place(dirOrRun).toAbsolutePath().normalize();
    try (TextClassifier classifier = TextClassifier.load(dir, "cpu", null)) {
      var input = classifier.inputColumns();
      return new ModelFiles(
          dir,
          ModelFolder.sum(dir),
          shared,
          classifier.labels(),
          classifier.labelling(),
          input == null ? 1 : input.fields());
    }
  }

  /**
   * Where a task finds it.
   *
   * @param sum by which an executor knows what it has opened already
   * @param path where executors reach it; else the name of the archive that was sent
   */
  record Sent(String sum, String path, boolean archive) implements Serializable {

    /** The folder on this machine. */
    Path here() {
      return Path.of(archive ? SparkFiles.get(path) : path);
    }
  }

  /** Sends it to all executors, those that come later too; a second time does nothing. */
  Sent send(SparkContext context) {
    if (shared) {
      return new Sent(sum, dir.toString(), false);
    }
    String name = "ulmfit-" + sum.substring(0, 32) + ".zip";
    synchronized (ModelFiles.class) {
      String known = "/" + name;
      boolean sent =
          scala.jdk.javaapi.CollectionConverters.asJava(context.listArchives()).stream()
              .anyMatch(archive -> archive.endsWith(known));
      if (!sent) {
        context.addArchive(packed(name).toString());
      }
    }
    return new Sent(sum, name, true);
  }

  /** The folder in an archive, beside others of this process. */
  private Path packed(String name) {
    try {
      Path folder = Files.createTempDirectory("ulmfit-spark");
      Path archive = folder.resolve(name);
      try (OutputStream out = Files.newOutputStream(archive);
          ZipOutputStream zip = new ZipOutputStream(out);
          Stream<Path> files = Files.walk(dir)) {
        zip.setLevel(Deflater.NO_COMPRESSION); // weights do not get smaller
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          zip.putNextEntry(new ZipEntry(dir.relativize(file).toString().replace('\\', '/')));
          Files.copy(file, zip);
          zip.closeEntry();
        }
      }
      archive.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      return archive;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(dir, e);
    }
  }
}
