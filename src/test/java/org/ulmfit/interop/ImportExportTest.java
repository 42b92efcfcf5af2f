package org.ulmfit.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ulmfit.UlmfitException;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.Sums;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.vocab.Vocab;

/** Model folders out to fastai's files and back in. */
class ImportExportTest {
  @TempDir Path dir;

  private static ImportJob job(Path weights, Path vocabulary, String... labels) {
    return new ImportJob(weights, vocabulary, null, null, null, false, List.of(labels), null);
  }

  private Path imported(ImportJob job) {
    Path out = dir.resolve("imported");
    try (WeightsImport model = WeightsImport.open(job)) {
      model.write(out, true);
    }
    return out;
  }

  /** Every tensor of a model folder, bit for bit. */
  private static void assertHolds(Path folder, Map<String, float[]> values) {
    ModelFolder model = ModelFolder.open(folder);
    try (Safetensors.Reader file = Safetensors.Reader.open(model.file("model.safetensors"))) {
      assertEquals(List.copyOf(values.keySet()), List.copyOf(file.tensors().keySet()));
      values.forEach(
          (name, expected) -> {
            float[] got = new float[expected.length];
            file.read(name, got);
            assertArrayEquals(expected, got, 0, name);
          });
    }
    assertEquals(TinyModel.WORDS, Vocab.read(model.file("vocab.txt")).itos());
  }

  @ParameterizedTest
  @CsvSource({
    "lm,true",
    "lm,false",
    "encoder,true",
    "classifier,false",
    "classifier,true",
  })
  void aRoundTripThroughFastaisFilesKeepsEveryBit(String kind, boolean bias) {
    Path folder = TinyModel.write(dir.resolve("model"), kind, bias);
    List<Path> files =
        WeightsExport.write(ExportJob.of(folder, ExportJob.Format.FASTAI, dir.resolve("fastai")));
    assertEquals(kind + ".pth", files.get(0).getFileName().toString());
    String[] labels = kind.equals("classifier") ? new String[] {"neg", "pos"} : new String[0];
    Path back = imported(job(files.get(0), files.get(1), labels));
    assertHolds(back, TinyModel.values(TinyModel.shapes(kind, bias), 1));
    ModelConfig config = ModelConfig.of(ModelFolder.open(back));
    ModelConfig before = ModelConfig.of(ModelFolder.open(folder));
    assertEquals(before.architecture(), config.architecture());
    assertEquals(kind, config.kind());
    boolean written1 = bias && kind.equals("classifier") || !kind.equals("classifier");
    assertEquals(written1 ? "fastai-1" : "fastai-2", config.text().rules());
    if (kind.equals("classifier")) {
      assertEquals(before.head(), config.head());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = ExportJob.Format.class,
      names = {"FASTAI", "SAFETENSORS"})
  void weightsWithoutAConfigHaveTheTemperatureInTheirLastLayer(ExportJob.Format format)
      throws IOException {
    Path folder = TinyModel.write(dir.resolve("model"), "classifier", true);
    ModelConfig config = ModelConfig.of(ModelFolder.open(folder));
    Files.writeString(folder.resolve("config.json"), config.withTemperature(2.0).json());
    Sums.renew(folder);
    Map<String, float[]> values = TinyModel.values(TinyModel.shapes("classifier", true), 1);
    List<Path> files = WeightsExport.write(ExportJob.of(folder, format, dir.resolve("out")));
    Path vocabulary =
        format == ExportJob.Format.FASTAI ? files.get(1) : folder.resolve("vocab.txt");
    Path back = imported(job(files.get(0), vocabulary, "neg", "pos"));
    assertNull(ModelConfig.of(ModelFolder.open(back)).temperature());
    for (String name : List.of("1.layers.1.2.weight", "1.layers.1.2.bias")) {
      float[] own = values.get(name);
      for (int i = 0; i < own.length; i++) {
        own[i] /= 2;
      }
    }
    assertHolds(back, values);

    Path copy = dir.resolve("copy");
    WeightsExport.write(ExportJob.of(folder, ExportJob.Format.FOLDER, copy));
    assertEquals(2.0, ModelConfig.of(ModelFolder.open(copy)).temperature());
    assertHolds(copy, TinyModel.values(TinyModel.shapes("classifier", true), 1));
  }

  @Test
  void theFileHasTheNamesFastaiAsksForAndTiedWeightsOnce() throws IOException {
    Path folder = TinyModel.write(dir.resolve("model"), "lm", true);
    Path out = dir.resolve("fastai");
    Path pth = WeightsExport.write(ExportJob.of(folder, ExportJob.Format.FASTAI, out)).get(0);
    try (TorchFile file = TorchFile.open(pth)) {
      assertEquals(
          List.of(
              "0.encoder.weight",
              "0.encoder_dp.emb.weight",
              "0.rnns.0.module.weight_ih_l0",
              "0.rnns.0.weight_hh_l0_raw",
              "0.rnns.0.module.weight_hh_l0"),
          file.tensors().keySet().stream().limit(5).toList());
      assertEquals("0.encoder.weight", file.tensors().get("1.decoder.weight").alias());
    }
    long weights =
        TinyModel.shapes("lm", true).values().stream().mapToLong(TinyModel::elements).sum();
    assertTrue(Files.size(pth) < weights * 4 + 8000, "" + Files.size(pth));
  }

  @Test
  void safetensorsAndHalfPrecision() throws IOException {
    Path folder = TinyModel.write(dir.resolve("model"), "lm", true);
    Map<String, float[]> values = TinyModel.values(TinyModel.shapes("lm", true), 1);
    Path out = dir.resolve("half");
    Path card = write("card.md", "# A card");
    WeightsExport.write(
        new ExportJob(folder, "lm", ExportJob.Format.FOLDER, ExportJob.Weights.HALF, card, out));
    ModelFolder half = ModelFolder.open(out, "lm");
    assertEquals("# A card", read(half.file("README.md")));
    try (Safetensors.Reader file = Safetensors.Reader.open(half.file("model.safetensors"))) {
      for (Map.Entry<String, float[]> tensor : values.entrySet()) {
        assertEquals(Safetensors.DType.F16, file.info(tensor.getKey()).dtype());
        float[] got = new float[tensor.getValue().length];
        file.read(tensor.getKey(), got);
        assertArrayEquals(tensor.getValue(), got, 4e-3f, tensor.getKey());
      }
    }
    Path plain = dir.resolve("plain");
    List<Path> files =
        WeightsExport.write(ExportJob.of(folder, ExportJob.Format.SAFETENSORS, plain));
    assertEquals(
        List.of("lm.safetensors", "itos.json", "model.json"),
        files.stream().map(Path::getFileName).map(Path::toString).toList());
    for (String vocabulary : List.of("model/vocab.txt", "plain/itos.json")) {
      assertHolds(imported(job(files.get(0), dir.resolve(vocabulary))), values);
    }
    Files.writeString(dir.resolve("plain/itos.json"), "{\"a\": 1}");
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> imported(job(files.get(0), dir.resolve("plain/itos.json"))));
    assertTrue(e.getMessage().contains("itos.json: holds no list of strings"), e.getMessage());
  }

  @Test
  void eightBitsWithAScaleForEachRow() throws IOException {
    Path folder = TinyModel.write(dir.resolve("model"), "lm", true);
    String card = Files.readString(folder.resolve("README.md"));
    Map<String, float[]> values = TinyModel.values(TinyModel.shapes("lm", true), 1);
    Path out = dir.resolve("int8");
    WeightsExport.write(
        new ExportJob(folder, "lm", ExportJob.Format.FOLDER, ExportJob.Weights.INT8, null, out));
    ModelFolder small = ModelFolder.open(out, "lm");
    String own = Files.readString(out.resolve("README.md"));
    String size =
        "`model.safetensors` %.1f kB"
            .formatted(out.resolve("model.safetensors").toFile().length() / 1e3);
    assertTrue(own.contains(size) && !card.contains(size), own);
    assertEquals(card.replaceAll("- files: .*", ""), own.replaceAll("- files: .*", ""));
    try (Safetensors.Reader file = Safetensors.Reader.open(small.file("model.safetensors"))) {
      assertEquals(values.keySet(), file.tensors().keySet(), "scales are no tensors of the model");
      for (Map.Entry<String, float[]> tensor : values.entrySet()) {
        float[] exact = tensor.getValue();
        float[] got = new float[exact.length];
        file.read(tensor.getKey(), got);
        long[] shape = file.info(tensor.getKey()).shape();
        boolean matrix = shape.length == 2;
        assertEquals(
            matrix ? Safetensors.DType.I8 : Safetensors.DType.F32,
            file.info(tensor.getKey()).dtype());
        int columns = matrix ? (int) shape[1] : exact.length;
        for (int i = 0; i < exact.length; i++) {
          double most = 0;
          for (int c = i / columns * columns; c < (i / columns + 1) * columns; c++) {
            most = Math.max(most, Math.abs(exact[c]));
          }
          double allowed = matrix ? most / 127 / 2 * 1.0001 : 0;
          assertEquals(exact[i], got[i], allowed, tensor.getKey() + " " + i);
        }
        float[] part = new float[Math.min(7, exact.length - 1)];
        file.read(tensor.getKey(), 1, part, 0, part.length);
        assertArrayEquals(Arrays.copyOfRange(got, 1, 1 + part.length), part);
        FloatBuffer whole = file.floats(tensor.getKey());
        assertEquals(got[exact.length - 1], whole.get(exact.length - 1));
      }
    }
    for (ExportJob.Format format : List.of(ExportJob.Format.FASTAI, ExportJob.Format.SAFETENSORS)) {
      UlmfitException e =
          assertThrows(
              UlmfitException.class,
              () ->
                  new ExportJob(
                      folder, null, format, ExportJob.Weights.INT8, null, dir.resolve("x")));
      assertTrue(e.getMessage().contains("--int8"), e.getMessage());
    }
    Path back = dir.resolve("back");
    WeightsExport.write(
        new ExportJob(out, "lm", ExportJob.Format.FOLDER, ExportJob.Weights.INT8, null, back));
    assertArrayEquals(bytes(out), bytes(back), "eight bits of eight bits are the same");
  }

  private static byte[] bytes(Path folder) {
    try {
      return Files.readAllBytes(folder.resolve("model.safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aScaleThatDoesNotFitIsRefused() {
    Path file = dir.resolve("bad.safetensors");
    float[] six = {1, 2, 3, 4, 5, 6};
    List<Safetensors.Entry> entries = new ArrayList<>();
    entries.add(Safetensors.Entry.bytes("w", new long[] {2, 3}, () -> six).get(0));
    entries.add(Safetensors.Entry.floats("w.scale", new long[] {3}, () -> new float[3]));
    Safetensors.write(file, Map.of(), entries);
    UlmfitException e =
        assertThrows(UlmfitException.class, () -> Safetensors.Reader.open(file).close());
    assertTrue(e.getMessage().contains("w.scale"), e.getMessage());
  }

  @Test
  void theGeneration07ComesInUnderItsOwnNames() {
    Map<String, long[]> shapes = TinyModel.shapes("lm", false);
    Map<String, float[]> values = TinyModel.values(shapes, 7);
    List<TorchWriter.Tensor> tensors = new ArrayList<>();
    shapes.forEach(
        (name, shape) ->
            tensors.add(
                TorchWriter.Tensor.of(
                    name.replace("weight_hh_l0_raw", "module.weight_hh_l0_raw"),
                    shape,
                    () -> values.get(name))));
    tensors.add(
        TorchWriter.Tensor.alias("0.encoder_with_dropout.embed.weight", "0.encoder.weight"));
    tensors.add(TorchWriter.Tensor.alias("1.decoder.weight", "0.encoder.weight"));
    Path weights = dir.resolve("fwd.h5");
    TorchWriter.write(weights, tensors);
    Path back = imported(job(weights, vocabulary(TinyModel.WORDS)));
    assertHolds(back, values);
    ModelConfig config = ModelConfig.of(ModelFolder.open(back));
    assertEquals("fastai-0.7", config.text().rules());
    assertEquals("spacy-2.0", config.text().tokenizer());
    assertFalse(config.architecture().decoderBias());
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(dir.resolve(name), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path vocabulary(List<String> words) {
    Path file = dir.resolve("itos.pkl");
    VocabPickle.write(file, words);
    return file;
  }

  /** A language model file with something changed about one tensor. */
  private Path weights(BiFunction<String, long[], TorchWriter.Tensor> change) {
    Map<String, long[]> shapes = TinyModel.shapes("lm", true);
    Map<String, float[]> values = TinyModel.values(shapes, 3);
    List<TorchWriter.Tensor> tensors = new ArrayList<>();
    shapes.forEach(
        (name, shape) -> {
          TorchWriter.Tensor other = change.apply(name, shape);
          tensors.add(
              other == null ? TorchWriter.Tensor.of(name, shape, () -> values.get(name)) : other);
        });
    Path file = dir.resolve("weights.pth");
    TorchWriter.write(file, tensors);
    return file;
  }

  private String refusal(UlmfitException.Kind kind, ImportJob job) {
    UlmfitException e = assertThrows(UlmfitException.class, () -> imported(job));
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    try (Stream<Path> left = Files.list(dir)) {
      assertFalse(left.anyMatch(p -> p.getFileName().toString().startsWith("imported")));
    } catch (IOException io) {
      throw new AssertionError(io);
    }
    return e.getMessage();
  }

  @Test
  void aVocabularyOfAnotherLengthIsRefused() {
    Path weights = weights((name, shape) -> null);
    String message =
        refusal(
            UlmfitException.Kind.BAD_MODEL,
            job(weights, vocabulary(TinyModel.WORDS.subList(0, 7))));
    assertTrue(message.contains("7 tokens, but the embedding in weights.pth has 9 rows"), message);
  }

  @Test
  void sizesThatDisagreeAreRefused() {
    Path weights =
        weights(
            (name, shape) ->
                name.equals("0.rnns.1.module.weight_ih_l0")
                    ? TorchWriter.Tensor.of(name, new long[] {24, 5}, () -> new float[120])
                    : null);
    String message =
        refusal(UlmfitException.Kind.BAD_MODEL, job(weights, vocabulary(TinyModel.WORDS)));
    assertTrue(
        message.contains("0.rnns.1.module.weight_ih_l0 is 24 x 5") && message.contains("24 x 6"),
        message);
  }

  @Test
  void aDecoderOfItsOwnIsRefused() {
    Map<String, long[]> shapes = new LinkedHashMap<>(TinyModel.shapes("lm", true));
    Map<String, float[]> values = TinyModel.values(shapes, 3);
    List<TorchWriter.Tensor> tensors = new ArrayList<>();
    shapes.forEach((n, shape) -> tensors.add(TorchWriter.Tensor.of(n, shape, () -> values.get(n))));
    float[] other = values.get("0.encoder.weight").clone();
    other[3] += 1;
    tensors.add(
        TorchWriter.Tensor.of("1.decoder.weight", shapes.get("0.encoder.weight"), () -> other));
    Path file = dir.resolve("untied.pth");
    TorchWriter.write(file, tensors);
    String message =
        refusal(UlmfitException.Kind.BAD_MODEL, job(file, vocabulary(TinyModel.WORDS)));
    assertTrue(message.contains("1.decoder.weight and 0.encoder.weight differ"), message);
  }

  @Test
  void missingThingsAreAskedFor() {
    Path weights = weights((name, shape) -> null);
    assertTrue(
        refusal(UlmfitException.Kind.USAGE, job(weights, null)).contains("--vocab is missing"));
    assertTrue(
        refusal(UlmfitException.Kind.USAGE, job(dir.resolve("no.pth"), null))
            .contains("no such file"));
    assertTrue(
        refusal(UlmfitException.Kind.USAGE, job(weights, vocabulary(TinyModel.WORDS), "a", "b"))
            .contains("holds no classifier"));
    Path classifier =
        WeightsExport.write(
                ExportJob.of(
                    TinyModel.write(dir.resolve("c"), "classifier", false),
                    ExportJob.Format.FASTAI,
                    dir.resolve("out")))
            .get(0);
    assertTrue(
        refusal(UlmfitException.Kind.USAGE, job(classifier, vocabulary(TinyModel.WORDS), "one"))
            .contains("a classifier of 2 classes; name them in order with --labels"));
  }

  @Test
  void thePublishedArchivesHoldBothFiles() throws IOException {
    Path pth = weights((name, shape) -> null);
    Path itos = vocabulary(TinyModel.WORDS);
    Path tgz = dir.resolve("wt103-fwd.tgz");
    try (OutputStream out = Files.newOutputStream(tgz);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
      for (Path file : List.of(pth, itos)) {
        TarArchiveEntry entry = new TarArchiveEntry("wt103-fwd/" + file.getFileName());
        entry.setSize(Files.size(file));
        tar.putArchiveEntry(entry);
        tar.write(Files.readAllBytes(file));
        tar.closeArchiveEntry();
      }
    }
    Path back = imported(job(tgz, null));
    assertHolds(back, TinyModel.values(TinyModel.shapes("lm", true), 3));
  }

  @Test
  void theDescriptionNamesEveryTensorAndWhatBecomesOfIt() {
    Path folder = TinyModel.write(dir.resolve("model"), "lm", true);
    List<Path> files =
        WeightsExport.write(ExportJob.of(folder, ExportJob.Format.FASTAI, dir.resolve("fastai")));
    try (WeightsImport model = WeightsImport.open(job(files.get(0), files.get(1)))) {
      List<String> lines = model.describe();
      assertEquals("lm.pth: torch file, fastai 1 language model", lines.get(0));
      assertEquals("AWD-LSTM: 3 layers, embedding 4, hidden 6, forward", lines.get(1));
      assertTrue(lines.get(3).startsWith("vocabulary: 9 tokens: \"xxunk\" \"xxpad\""));
      assertTrue(lines.contains("  0.encoder.weight  F32  9 x 4"), lines.toString());
      assertTrue(
          lines.contains("  1.decoder.weight  F32  9 x 4  = 0.encoder.weight"), lines.toString());
      assertTrue(
          lines.contains("  0.rnns.0.module.weight_hh_l0  F32  24 x 6  (not needed)"),
          lines.toString());
    }
  }

  @Test
  void whatExistsIsNotReplaced() {
    Path folder = TinyModel.write(dir.resolve("model"), "lm", true);
    UlmfitException e =
        assertThrows(
            UlmfitException.class,
            () -> WeightsExport.write(ExportJob.of(folder, ExportJob.Format.FASTAI, folder)));
    assertEquals(UlmfitException.Kind.USAGE, e.kind());
    for (ExportJob.Format format : List.of(ExportJob.Format.FASTAI, ExportJob.Format.SAFETENSORS)) {
      Path card = write("card.md", "# A card");
      e =
          assertThrows(
              UlmfitException.class,
              () ->
                  new ExportJob(
                      folder, null, format, ExportJob.Weights.FLOAT32, card, dir.resolve("x")));
      assertTrue(e.getMessage().contains("--card"));
    }
    e =
        assertThrows(
            UlmfitException.class,
            () ->
                new ExportJob(
                    folder,
                    null,
                    ExportJob.Format.FASTAI,
                    ExportJob.Weights.HALF,
                    null,
                    dir.resolve("x")));
    assertTrue(e.getMessage().contains("--half"));
  }
}
