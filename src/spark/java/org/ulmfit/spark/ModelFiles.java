package org.ulmfit.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
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

  private static final Map<SparkContext, Map<String, Broadcast<byte[]>>> SENT = new WeakHashMap<>();

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
      return new ModelFiles(
          dir,
          ModelFolder.sum(dir),
          shared,
          classifier.labels(),
          classifier.labelling(),
          classifier.fields());
    }
  }

  /**
   * Where a task finds it.
   *
   * @param sum by which an executor knows what it has opened already
   * @param path where executors reach it; null: it is sent
   * @param archive its files, sent to an executor once; null: nothing is
   */
  record Sent(String sum, @Nullable String path, @Nullable Broadcast<byte[]> archive)
      implements Serializable {

    /** The folder that executors reach; only where nothing is sent. */
    Path place() {
      return Path.of(Objects.requireNonNull(path));
    }

    /** The folder that was sent; null: nothing was. */
    @Nullable ScratchFolder unpacked() {
      return archive == null ? null : ModelFiles.unpacked(archive.value());
    }
  }

  /** Sends it to all executors, once a session. */
  Sent send(SparkContext context) {
    if (shared) {
      return new Sent(sum, dir.toString(), null);
    }
    synchronized (SENT) {
      Broadcast<byte[]> archive =
          SENT.computeIfAbsent(context, session -> new HashMap<>())
              .computeIfAbsent(sum, missing -> new JavaSparkContext(context).broadcast(packed()));
      return new Sent(sum, null, archive);
    }
  }

  /**
   * Whether a folder still holds the model that was opened.
   *
   * @throws UlmfitException (bad model) if another has taken its place
   */
  static void check(Path dir, String sum) {
    if (!ModelFolder.sum(dir).equals(sum)) {
      throw UlmfitException.badModel(
          dir
              + ": another model has taken the place of the one that was opened; open it again with"
              + " TextClassificationModel.of");
    }
  }

  private byte[] packed() {
    check(dir, sum);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.NO_COMPRESSION); // weights do not get smaller
      zip(dir.toRealPath(), zip); // a link to a folder would be walked as if it were empty
    } catch (IOException e) {
      throw UlmfitException.cannotRead(dir, e);
    }
    return out.toByteArray();
  }

  private static void zip(Path root, ZipOutputStream zip) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(root.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }

  private static ScratchFolder unpacked(byte[] archive) {
    ScratchFolder folder = ScratchFolder.make();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.path().resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
      return folder;
    } catch (IOException e) {
      folder.close();
      throw UlmfitException.failure(
          "the model cannot be unpacked: " + UlmfitException.reason(e), e);
    }
  }
}
