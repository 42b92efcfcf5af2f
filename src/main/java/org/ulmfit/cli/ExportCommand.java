package org.ulmfit.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ulmfit.UlmfitException;
import org.ulmfit.interop.ExportJob;
import org.ulmfit.interop.WeightsExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ulmfit export}: a model leaves for fastai, PyTorch or a smaller folder. */
@Command(
    name = "export",
    header = "Write a model for fastai, PyTorch, DJL or ONNX Runtime, or as a smaller folder.",
    description = {
      "",
      "fastai: KIND.pth and itos.pkl, which torch.load(weights_only=True), load_encoder and the"
          + " loaders of fastai 1 and 2 take. safetensors: KIND.safetensors under fastai 2's"
          + " names, and itos.json. folder: a model folder again.",
      "torchscript, onnx: a classifier's network as model.pt or model.onnx, token ids in, logits"
          + " out, with its vocabulary and labels; PyTorch's torch.jit.load and DJL, or ONNX"
          + " Runtime, run it without ulmfit. README.md says how.",
      "djl: a folder that DJL opens by itself, texts in, labels out, with ulmfit on its class path.",
      ""
    })
final class ExportCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A model folder, or a run that holds one.")
  private Path model;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      converter = ChoiceConverter.ExportFormat.class,
      description = "fastai, safetensors, folder, torchscript, onnx or djl.")
  private ExportJob.Format format;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "Which model of a run: lm, encoder or classifier (default: the classifier, else the"
              + " language model).")
  private @Nullable String kind;

  @Option(
      names = "--half",
      description = "Weights in half precision (F16): half the size; not for fastai.")
  private boolean half;

  @Option(
      names = "--int8",
      description =
          "Weights of eight bits with a scale for each row: a quarter of the size, with --format"
              + " folder; every command takes it, and fine-tunes from it.")
  private boolean int8;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write; it must not exist.")
  private Path out;

  @Option(
      names = "--card",
      paramLabel = "FILE",
      description = "With --format folder: a model card to put in place of the model's README.md.")
  private @Nullable Path card;

  @Override
  public Integer call() {
    if (half && int8) {
      throw UlmfitException.usage("--half and --int8 exclude each other; give one");
    }
    ExportJob.Weights weights =
        half ? ExportJob.Weights.HALF : int8 ? ExportJob.Weights.INT8 : ExportJob.Weights.FLOAT32;
    ExportJob job = new ExportJob(model, kind, format, weights, card, out);
    for (Path file : WeightsExport.write(job)) {
      main.console().data("written: " + file);
    }
    if (format == ExportJob.Format.FASTAI || format == ExportJob.Format.SAFETENSORS) {
      main.console()
          .say(
              "weights and words alone: which way and by which rules texts are read, and how labels"
                  + " are answered, is in model.json; say so to what loads them");
    }
    return 0;
  }
}
