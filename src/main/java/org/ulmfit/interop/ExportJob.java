package org.ulmfit.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.runtimes.NetworkExport;

/**
 * What to export.
 *
 * @param model a model folder, or a run that holds one
 * @param kind {@code lm}, {@code encoder} or {@code classifier}; null: the run's classifier, else
 *     its language model
 * @param weights how they are stored
 * @param card a text for the folder's {@code README.md}; null: the model's own
 * @param out the folder to write
 */
public record ExportJob(
    Path model,
    @Nullable String kind,
    Format format,
    Weights weights,
    @Nullable Path card,
    Path out) {

  /** How weights are stored. */
  public enum Weights {
    FLOAT32,
    /** F16. */
    HALF,
    /** Eight bits a number, with a scale for each row. */
    INT8
  }

  /** What is written. */
  public enum Format {
    FASTAI,
    SAFETENSORS,
    FOLDER,
    TORCHSCRIPT,
    DJL,
    ONNX;

    /** The program that is written; null: the format holds weights alone. */
    NetworkExport.@Nullable Program program() {
      return switch (this) {
        case TORCHSCRIPT -> NetworkExport.Program.TORCHSCRIPT;
        case DJL -> NetworkExport.Program.DJL;
        case ONNX -> NetworkExport.Program.ONNX;
        case FASTAI, SAFETENSORS, FOLDER -> null;
      };
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final List<String> KINDS = List.of("lm", "encoder", "classifier");

  public ExportJob {
    if (kind != null && !KINDS.contains(kind)) {
      throw UlmfitException.usage("--kind " + kind + ": is none of " + String.join(", ", KINDS));
    }
    if (weights == Weights.INT8 && format != Format.FOLDER) {
      throw UlmfitException.usage(
          "--int8: only ulmfit reads such weights; leave it out, or take --format folder");
    }
    if (weights == Weights.HALF && format != Format.SAFETENSORS && format != Format.FOLDER) {
      throw UlmfitException.usage(
          "--half: "
              + format.word()
              + "'s files are float32; leave it out, or take --format safetensors");
    }
    if (kind != null && !kind.equals("classifier") && format.program() != null) {
      throw UlmfitException.usage(
          "--kind "
              + kind
              + ": --format "
              + format.word()
              + " is for classifiers; leave it out, or take --format fastai or safetensors");
    }
    if (card != null && (format != Format.FOLDER || !Files.isRegularFile(card))) {
      throw UlmfitException.usage(
          "--card " + card + ": needs a text file, and --format folder to put it in");
    }
  }

  /** A job without extras. */
  public static ExportJob of(Path model, Format format, Path out) {
    return new ExportJob(model, null, format, Weights.FLOAT32, null, out);
  }
}
