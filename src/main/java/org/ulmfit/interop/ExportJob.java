package org.ulmfit.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;

/**
 * What to export.
 *
 * @param model a model folder, or a run that holds one
 * @param kind {@code lm}, {@code encoder} or {@code classifier}; null: the run's classifier, else
 *     its language model
 * @param half weights as F16
 * @param card a text for the folder's {@code README.md}; null: the model's own
 * @param out the folder to write
 */
public record ExportJob(
    Path model, @Nullable String kind, Format format, boolean half, @Nullable Path card, Path out) {

  /** What is written. */
  public enum Format {
    FASTAI,
    SAFETENSORS,
    FOLDER
  }

  public ExportJob {
    if (half && format == Format.FASTAI) {
      throw UlmfitException.usage(
          "--half: fastai's files are float32; leave it out, or take --format safetensors");
    }
    if (card != null && (format != Format.FOLDER || !Files.isRegularFile(card))) {
      throw UlmfitException.usage(
          "--card " + card + ": needs a text file, and --format folder to put it in");
    }
  }

  /** A job without extras. */
  public static ExportJob of(Path model, Format format, Path out) {
    return new ExportJob(model, null, format, false, null, out);
  }
}
