package org.ulmfit.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.ulmfit.embed.Encoders;
import org.ulmfit.io.AtomicFiles;
import org.ulmfit.io.PickleBytes;
import org.ulmfit.io.StoredZip;
import org.ulmfit.io.Sums;

/** Model folders that were tampered with, and weights of others. */
final class HostileModels extends HostileInputs {
  private static final String MULTI = "\"task\" : \"multi\", \"thresholds\" : [0.5, 0.5]";

  HostileModels() {
    models();
    ensembles();
    embedders();
    wordVectors();
    foreignWeights();
  }

  private void models() {
    room("A model folder");
    model("a file is missing", model -> Files.delete(model.resolve("vocab.txt")));
    model("a byte of the weights is another", model -> flip(model.resolve("model.safetensors")));
    model("the weights are cut short", model -> cut(model.resolve("model.safetensors")));
    config("of a newer format", "\"formatVersion\" : 2", "\"formatVersion\" : 3");
    config("of no direction", "\"forward\"", "\"sideways\"");
    config("of unknown rules", "\"fastai-2\"", "\"fastai-9\"");
    config("without a tokenizer", "\"spacy-3\"", "null");
    config("windows of no tokens", "\"bptt\" : 72", "\"bptt\" : 0");
    config(
        "a head larger than any that is trained",
        "\"hiddenSize\" : 50",
        "\"hiddenSize\" : 9999999");
    config("more layers than any that is trained", "\"layers\" : 2", "\"layers\" : 9999999");
    config("of an unknown arithmetic", "\"precision\" : \"fp32\"", "\"precision\" : \"fp17\"");
    config("of no temperature", "\"task\"", "\"temperature\" : 0, \"task\"");
    config("of an unknown layout", "\"masked\"", "\"folded\"");
    model(
        "its list of checksums names a file elsewhere",
        model -> {
          Path list = model.resolve("checksums.txt");
          Files.writeString(list, "0".repeat(64) + "  ../../secret\n" + Files.readString(list));
        });
    model("no checksums", model -> Files.delete(model.resolve("checksums.txt")));
    refused(
        "a folder that is none",
        dir -> List.of("predict", "" + Files.createDirectories(dir.resolve("model"))));
  }

  private void embedders() {
    room("A sentence encoder");
    embedder("no model", folder -> Files.delete(folder.resolve("model.onnx")));
    embedder("no tokenizer", folder -> Files.delete(folder.resolve("tokenizer.json")));
    embedder("a model that is cut short", folder -> cut(folder.resolve("model.onnx")));
    embedder("a tokenizer that is cut short", folder -> cut(folder.resolve("tokenizer.json")));
    embedder(
        "pooled in a way that is not known",
        folder -> replace(folder.resolve("1_Pooling/config.json"), "mean_tokens", "max_tokens"));
    model("a model with a weight at `../../etc/hostname`", "external.onnx");
    model("a model of pictures, too", "other-input.onnx");
    model("a model without ids", "no-ids.onnx");
    model("a model whose ids are no whole numbers", "float-ids.onnx");
    model("a model that answers with four dimensions", "rank4.onnx");
    embedder(
        "a window longer than it reads",
        folder -> replace(folder.resolve("config.json"), ": 16", ": 160"));
    refused(
        "a jar that holds neither",
        dir -> embedding(Encoders.jar(dir.resolve("model.jar"), Map.of("a", new byte[1]))));
    refused(
        "a jar that is none",
        dir -> embedding(Files.writeString(dir.resolve("model.jar"), "not a jar")));
  }

  private void wordVectors() {
    room("A file of word vectors");
    vectors("of another width than the embedding", "the 1 2 3\n");
    vectors("a line with fewer numbers", "the 1 2\nof 3\n");
    vectors("a line with more numbers", "the 1 2\nof 3 4 5\n");
    vectors("a number that is none", "the 1 2\nof 3 x\n");
    vectors("a number that is infinite", "the 1 2\nof 3 1e99\n");
    vectors("no words", "");
    vectors("of another language", "\u0434\u0430 1 2\n");
  }

  private void vectors(String what, String content) {
    refused(
        what,
        dir ->
            List.of(
                "classify",
                "" + TinyRun.get().corpus(),
                "--family=mean-embedding",
                "--set=network.embeddingSize=2",
                "--set=network.vectors=" + Files.writeString(dir.resolve("v.txt"), content),
                "--out=" + dir.resolve("run")));
  }

  private void embedder(String what, Damage damage) {
    refused(
        what,
        dir -> {
          Path folder = Encoders.copy(dir.resolve("encoder"));
          damage.to(folder);
          return embedding(folder);
        });
  }

  private void model(String what, String file) {
    refused(what, dir -> embedding(Encoders.with(dir.resolve("encoder"), file)));
  }

  private static List<String> embedding(Path embedder) {
    return List.of(
        "classify",
        "" + TinyRun.get().corpus(),
        "--family=embedding",
        "--set=embedding.overlap=4",
        "--set=embedding.pooling=auto",
        "--embedder=" + embedder,
        "--out=" + embedder.resolveSibling("run"));
  }

  private void ensembles() {
    room("An ensemble's folder");
    String second = "\"name\" : \"2-backward\"";
    String shared = "\"vocab.txt\" : \"1-classifier-run\"";
    ensemble("a member is missing", e -> AtomicFiles.deleteTree(e.resolve("members/2-backward")));
    ensemble(
        "a byte of a member's weights is another",
        e -> flip(e.resolve("members/2-backward/model.safetensors")));
    ensemble(
        "a member's folder is a link to one outside",
        e -> {
          Path member = e.resolve("members/2-backward");
          Path outside = Files.move(member, e.resolveSibling("outside"));
          Files.createSymbolicLink(member, outside.toAbsolutePath());
        });
    ensemble(
        "a file is a link",
        e -> {
          Path vocabulary = e.resolve("members/1-classifier-run/vocab.txt");
          Path outside = Files.move(vocabulary, e.resolveSibling("vocab.txt"));
          Files.createSymbolicLink(vocabulary, outside.toAbsolutePath());
        });
    said("a member elsewhere", second, "\"name\" : \"../../model\"");
    said("a member at the root", second, "\"name\" : \"/etc\"");
    said("a member that is not there", second, "\"name\" : \"3-other\"");
    said("a member twice", second, "\"name\" : \"1-classifier-run\"");
    said("a file shared from elsewhere", shared, "\"vocab.txt\" : \"../..\"");
    said("a file of a path that climbs out", shared, "\"../../vocab.txt\" : \"1-classifier-run\"");
    said("a file that the other does not hold", shared, "\"vocab.txt\" : \"2-backward\"");
    said("of a newer kind", "\"members\"", "\"boosting\" : 3, \"members\"");
    said(
        "weights for other members",
        "\"members\"",
        "\"stacking\" : {\"weights\" : [1], \"biases\" : [0, 0]}, \"members\"");
    said(
        "a weight that is no number",
        "\"members\"",
        "\"stacking\" : {\"weights\" : [1, 1e999], \"biases\" : [0, 0]}, \"members\"");
    said("a task of none of its members", "\"members\"", MULTI + ", \"members\"");
    ensemble(
        "labels that its members do not have",
        e -> {
          Files.writeString(e.resolve("labels.json"), "[\"neg\", \"fine\"]\n");
          Sums.renew(e);
        });
    ensemble(
        "a member of other labels",
        e -> {
          Files.writeString(
              e.resolve("members/1-classifier-run/labels.json"), "[\"neg\", \"fine\"]\n");
          replace(e.resolve("config.json"), "\"labels.json\" : \"1-classifier-run\",", "");
          Files.writeString(e.resolve("members/2-backward/labels.json"), "[\"neg\", \"pos\"]\n");
          Sums.renew(e);
        });
    refused("the same model twice", dir -> joined(dir, copied(classifier(), dir)));
    refused(
        "members of other labels",
        dir -> {
          Path other = copied(TinyEnsemble.get().backward().resolve("classifier"), dir);
          Files.writeString(other.resolve("labels.json"), "[\"bad\", \"good\"]\n");
          Sums.renew(other);
          return joined(dir, other);
        });
    refused(
        "members of another task",
        dir -> {
          Path other = copied(TinyEnsemble.get().backward().resolve("classifier"), dir);
          replace(other.resolve("config.json"), "\"task\" : \"single\"", MULTI);
          Sums.renew(other);
          return joined(dir, other);
        });
  }

  /** {@link TinyRun}'s classifier, copied, and another model. */
  private static List<String> joined(Path dir, Path other) throws IOException {
    Path first = copied(classifier(), dir.resolve("first"));
    return List.of("ensemble", "" + first, "" + other, "--out=" + dir.resolve("out"));
  }

  private static Path classifier() {
    return TinyRun.get().classifier().resolve("classifier");
  }

  private static Path copied(Path folder, Path dir) throws IOException {
    Path to = dir.resolve("model");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(folder.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    return to;
  }

  /** A change of an ensemble's config that the checksums agree with. */
  private void said(String what, String from, String to) {
    ensemble(
        what,
        e -> {
          replace(e.resolve("config.json"), from, to);
          Sums.renew(e);
        });
  }

  private void ensemble(String what, Damage damage) {
    refused(
        what,
        dir -> {
          Path model = copied(TinyEnsemble.get().ensemble(), dir);
          damage.to(model);
          return List.of("predict", "" + model);
        });
  }

  /** A change of the config that the checksums agree with. */
  private void config(String what, String from, String to) {
    model(
        what,
        model -> {
          replace(model.resolve("config.json"), from, to);
          Sums.renew(model);
        });
  }

  private void model(String what, Damage damage) {
    refused(
        what,
        dir -> {
          Path model = copied(classifier(), dir);
          damage.to(model);
          return List.of("predict", "" + model);
        });
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 7] ^= 1;
    Files.write(file, bytes);
  }

  private static void cut(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 4));
  }

  private void foreignWeights() {
    room("Weights of others");
    String one = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";
    safetensors("header longer than the file", 1_000, "{}", 0);
    safetensors("header of 4 exabytes", Long.MAX_VALUE / 2, "{}", 0);
    safetensors("header not of JSON", -1, "[1, 2]", 0);
    safetensors("a name twice", -1, one + "," + one.substring(1) + "}", 8);
    safetensors("overlap", -1, one + "," + tensor("b", 2, 4, 12) + "}", 12);
    safetensors("a hole", -1, one + "," + tensor("b", 2, 12, 20) + "}", 20);
    safetensors("bytes left over", -1, one + "}", 9);
    safetensors("shape and bytes disagree", -1, "{" + tensor("a", 3, 0, 8) + "}", 8);
    safetensors("a shape that overflows", -1, "{" + tensor("a", Long.MAX_VALUE, 0, 8) + "}", 8);
    pickle("a torch file that calls `os.system`", "posix", "system");
    pickle("one that calls `eval`", "builtins", "eval");
    pickle("one that looks the name up, `pkgutil.resolve_name`", "pkgutil", "resolve_name");
    pickle("a whole module, not its state dict", "model", "RNN");
    refused(
        "a ZIP whose entries are compressed, as in a bomb",
        dir -> imported(dir, "lm.pth", compressed()));
    refused(
        "a torch file cut short", dir -> imported(dir, "lm.pth", half(archive(emptyDictionary()))));
    vocabulary("a vocabulary with a word twice", p -> p.text("a").text("b").text("a"));
    vocabulary("a vocabulary with a number in it", p -> p.text("a").number(7).text("b"));
    vocabulary("a vocabulary of another length", p -> p.text("xxunk").text("xxpad"));
  }

  private static String tensor(String name, long n, int from, int to) {
    return "\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
        .formatted(name, n, from, to);
  }

  private void safetensors(String what, long headerLength, String header, int dataBytes) {
    refused(
        "`.safetensors`, " + what,
        dir -> {
          ByteBuffer file =
              ByteBuffer.allocate(8 + header.length() + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
          file.putLong(headerLength < 0 ? header.length() : headerLength).put(utf8(header));
          return imported(dir, "lm.safetensors", file.array());
        });
  }

  private static List<String> imported(Path dir, String name, byte[] bytes) throws IOException {
    Path vocab = Files.writeString(dir.resolve("vocab.txt"), "\"xxunk\"\n\"xxpad\"\n");
    return imported(dir, Files.write(dir.resolve(name), bytes), vocab);
  }

  private static List<String> imported(Path dir, Path weights, Path vocab) {
    return List.of("import", "" + weights, "--vocab=" + vocab, "--out=" + dir.resolve("imported"));
  }

  private void pickle(String what, String module, String name) {
    PickleBytes start = new PickleBytes().protocol();
    byte[] call =
        start.global(module, name).op('(').text("touch /tmp/x").op('t', 'R', '.').toByteArray();
    refused(what, dir -> imported(dir, "lm.pth", archive(call)));
  }

  private static byte[] emptyDictionary() {
    return new PickleBytes().protocol().op('}', '.').toByteArray();
  }

  private static byte[] archive(byte[] pickle) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StoredZip zip = new StoredZip(out, "archive");
    zip.entry("data.pkl", pickle);
    zip.entry("version", utf8("3\n"));
    zip.finish();
    return out.toByteArray();
  }

  private static byte[] compressed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[1 << 20]);
    }
    return out.toByteArray();
  }

  /** Adds words to a list. */
  interface Figures {
    PickleBytes to(PickleBytes list);
  }

  private void vocabulary(String what, Figures words) {
    refused(
        what,
        dir -> {
          PickleBytes list = words.to(new PickleBytes().protocol().op(']', '('));
          Path vocab = Files.write(dir.resolve("itos.pkl"), list.op('e', '.').toByteArray());
          Path fastai = dir.resolve("fastai");
          Cli.run("export", "" + TinyRun.get().lm(), "--format=fastai", "--out=" + fastai).ok();
          return imported(dir, fastai.resolve("lm.pth"), vocab);
        });
  }
}
