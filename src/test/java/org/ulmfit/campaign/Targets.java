package org.ulmfit.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ulmfit.Labelling;
import org.ulmfit.UlmfitException;
import org.ulmfit.config.Recipe;
import org.ulmfit.config.Recipes;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.CorpusOptions;
import org.ulmfit.corpus.CorpusReader;
import org.ulmfit.corpus.Document;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.corpus.Tarball;
import org.ulmfit.corpus.TextReader;
import org.ulmfit.interop.TorchFile;
import org.ulmfit.interop.TorchTensor;
import org.ulmfit.interop.VocabPickle;
import org.ulmfit.io.Safetensors;
import org.ulmfit.text.Rules;
import org.ulmfit.text.TextPipeline;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.vocab.Vocab;
import org.ulmfit.vocab.WordVectors;

/** Every parser of files that users bring, with inputs to start from. */
final class Targets {
  private static final String TEXT =
      "A good film &amp; \"well\" made... <br />It's SO good!!! I paid $3.50, see http://a.b/c?d=e :-) ";

  private static final CorpusOptions MULTI =
      CorpusOptions.defaults().withLabelling(Labelling.MULTI);

  private final Path dir;

  /** Every profile of rules with every tokenizer, made when first needed. */
  private static final class Pipelines {
    static final List<TextPipeline> ALL =
        Stream.of(Rules.values())
            .flatMap(
                rules ->
                    Stream.of("spacy-2.0", "spacy-3", "icu", "chars")
                        .map(name -> TextPipeline.of(rules, TokenizerSpec.parse(name))))
            .toList();
  }

  /**
   * @param dir for the files that are read
   */
  Targets(Path dir) {
    this.dir = dir;
  }

  static List<String> names() {
    return List.of(
        "csv",
        "tsv",
        "dialects",
        "jsonl",
        "json",
        "labels",
        "label columns",
        "label lists",
        "label words",
        "label names",
        "lines",
        "tar",
        "tar.gz",
        "safetensors",
        "model",
        "n-grams",
        "ensemble",
        "encoder",
        "word vectors",
        "checkpoint",
        "prepared",
        "recipe",
        "vocabulary",
        "tokenizer",
        "text",
        "torch",
        "pickle");
  }

  Target of(String name) throws IOException {
    return switch (name) {
      case "csv" -> corpus(name, "a.csv", csv(","));
      case "tsv" -> corpus(name, "a.tsv", csv("\t"));
      case "dialects" -> corpus(name, "a.csv", dialects());
      case "jsonl" -> corpus(name, "a.jsonl", jsonl());
      case "json" -> corpus(name, "a.json", json());
      case "lines" -> corpus(name, "a.txt", lines());
      case "labels" -> corpus(name, "a.csv", labelCells(), MULTI.withLabelSeparator(";"));
      case "label columns" ->
          corpus(name, "a.csv", labelColumns(), MULTI.withLabelColumns(List.of("a", "b")));
      case "label lists" -> corpus(name, "a.jsonl", labelLists(), MULTI);
      case "label words" -> corpus(name, "a.txt", labelWords(), MULTI);
      case "label names" ->
          new Target(name, List.of(utf8("joy\nlove, deep\nété\n")), this::labelNames);
      case "tar" -> corpus(name, "a", List.of(tar()));
      case "tar.gz" ->
          corpus(name, "a.gz", List.of(Tarball.gzip(tar()), Tarball.gzip(csv(",").get(0))));
      case "safetensors" ->
          new Target(name, List.of(FolderTargets.safetensors(dir)), this::safetensors);
      case "model" -> FolderTargets.model(dir);
      case "n-grams" -> FolderTargets.ngrams(dir);
      case "ensemble" -> FolderTargets.ensemble(dir);
      case "encoder" -> FolderTargets.encoder(dir);
      case "word vectors" ->
          new Target(
              name,
              List.of(
                  utf8("the 0.5 -1e-3 2\n. . 1 2 3\n\u00e9t\u00e9 7 8 9\n"),
                  utf8("2 3\nthe 1 2 3 \nThe 4 5 6\n")),
              this::wordVectors);
      case "checkpoint" -> FolderTargets.checkpoint(dir);
      case "prepared" -> FolderTargets.prepared(dir);
      case "recipe" -> new Target(name, recipes(), this::recipe);
      case "vocabulary" ->
          new Target(name, List.of(utf8(FolderTargets.VOCABULARY)), this::vocabulary);
      case "tokenizer" ->
          new Target(
              name,
              List.of(resource("/subword/tokenizer.json"), resource("/subword/unigram.json")),
              this::tokenizer);
      case "text" -> new Target(name, List.of(utf8(TEXT), utf8(TEXT.repeat(20))), this::text);
      case "torch" ->
          new Target(
              name,
              List.of(
                  resource("/interop/zip.pth"),
                  resource("/interop/legacy.pth"),
                  resource("/interop/golden_zip.pth"),
                  resource("/interop/golden_legacy.pth"),
                  resource("/interop/fastai2_opt.pth")),
              this::torch);
      case "pickle" ->
          new Target(name, List.of(resource("/interop/golden_itos.pkl")), this::pickle);
      default -> throw new IllegalArgumentException(name);
    };
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = Targets.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(dir.resolve(name), bytes);
  }

  static void check(boolean right, String what) {
    if (!right) {
      throw new AssertionError(what);
    }
  }

  // Corpora

  private Target corpus(String name, String file, List<byte[]> seeds) {
    return corpus(name, file, seeds, CorpusOptions.defaults());
  }

  private Target corpus(String name, String file, List<byte[]> seeds, CorpusOptions options) {
    CorpusOptions skip = options.withOnBadRow(CorpusOptions.OnBadRow.SKIP);
    return new Target(
        name,
        seeds,
        input -> {
          Path path = file(file, input);
          List<Document> documents = new ArrayList<>();
          CorpusReader corpus = CorpusReader.open(Corpus.at(path, skip));
          corpus.forEach((split, document) -> documents.add(document));
          CorpusReader.Counts counts = corpus.counts();
          check(counts.used() == documents.size(), "used " + counts);
          check(counts.rows() == counts.used() + counts.rejected(), "rows " + counts);
          for (Document document : documents) {
            check(document.fields().stream().anyMatch(f -> !f.isBlank()), "no text");
            labelled(document, corpus, skip);
          }
          if (corpus.ordered()) {
            InputColumns trained = options.labelColumns().isEmpty() ? null : corpus.columns();
            sameTexts(path, documents, counts, trained);
          }
        });
  }

  private static void labelled(Document document, CorpusReader corpus, CorpusOptions options) {
    List<String> labels = document.labels();
    if (labels == null) {
      return;
    }
    String separator = options.labelSeparator();
    check(labels.stream().noneMatch(String::isBlank), "a blank label");
    check(labels.stream().distinct().count() == labels.size(), "a label twice");
    check(corpus.labelling() == Labelling.MULTI || labels.size() == 1, "labels");
    check(separator == null || labels.stream().noneMatch(l -> l.contains(separator)), "separator");
    check(
        options.labelColumns().isEmpty() || options.labelColumns().containsAll(labels),
        "no label column");
  }

  /** Names that were read are all that indices may stand for. */
  private void labelNames(byte[] input) throws IOException {
    Path names = file("names.txt", input);
    Path corpus = file("a.csv", utf8("labels,text\n0;1,a b\n,c d\n"));
    CorpusReader reader =
        CorpusReader.open(Corpus.at(corpus, MULTI.withLabelSeparator(";").withLabelNames(names)));
    List<List<String>> labels = new ArrayList<>();
    reader.forEach((split, document) -> labels.add(document.labels()));
    List<String> declared = reader.declaredLabels();
    check(declared.stream().distinct().count() == declared.size(), "a name twice");
    check(labels.equals(List.of(declared.subList(0, 2), List.of())), "other labels: " + labels);
  }

  private static List<byte[]> labelCells() {
    return List.of(
        utf8("labels,text\njoy;love,a b c\n,none of them\njoy,\"so, so\"\n\" a ; b \",d e\n"),
        utf8("text\tlabels\tsplit\na b\tx;y\ttrain\nc d\ty\ttest\ne f\t\tunsup\n"));
  }

  private static List<byte[]> labelColumns() {
    return List.of(
        utf8("id,text,a,b\n1,a b c,0,1\n2,d e,1.0,0.0\n3,f g,true,false\n4,h i,,\n"),
        utf8("{\"text\":\"a b\",\"a\":0,\"b\":true}\n{\"text\":\"c\",\"a\":null}\n"));
  }

  private static List<byte[]> labelLists() {
    return List.of(
        utf8(
            "{\"text\":\"a b\",\"labels\":[\"x\",\"y\"]}\n{\"text\":\"c\",\"labels\":[]}\n"
                + "{\"text\":\"d\",\"labels\":null}\n{\"text\":\"e\"}\n"
                + "{\"text\":\"f\",\"labels\":\"x\"}\n"),
        utf8("[{\"text\":\"a b\",\"labels\":[1,2.5,true]},{\"text\":\"c\",\"labels\":[]}]"));
  }

  private static List<byte[]> labelWords() {
    return List.of(utf8("__label__x __label__y a b\nc d __label__x\n__label__y e\n"));
  }

  /** What is to be labelled is what a corpus of the same file holds, or it is refused in a line. */
  private static void sameTexts(
      Path path, List<Document> documents, CorpusReader.Counts counts, InputColumns trained) {
    List<List<String>> texts = new ArrayList<>();
    try (TextReader reader =
        TextReader.open(path, InputStream.nullInputStream(), CorpusOptions.defaults(), trained)) {
      for (List<TextReader.Text> batch = reader.batch(9); !batch.isEmpty(); ) {
        batch.forEach(text -> texts.add(text.fields()));
        batch = reader.batch(9);
      }
    } catch (UlmfitException e) {
      check(counts.rejected() > 0, "predict refuses what no row was rejected of: " + e);
      return;
    }
    List<List<String>> filled =
        texts.stream().filter(t -> t.stream().anyMatch(f -> !f.isBlank())).toList();
    List<List<String>> read = documents.stream().map(Document::fields).toList();
    check(counts.rejected() > 0 || filled.equals(read), "two readings: " + filled + " and " + read);
  }

  private static List<byte[]> dialects() {
    String rows = "text;label\n\"a film, \"\"well\"\" made; yes\";pos\nit was dull, no;neg\n";
    String more = rows + "one more of these;pos\nand, then, another;neg\n";
    return List.of(
        utf8("sep=;\r\n" + more.replace("\n", "\r\n")),
        utf8(more.replace("\"\"", "\\\"")),
        utf8("\ufeff" + more.replace(';', '|').replace('\n', '\r')),
        ("\ufeff" + more).getBytes(StandardCharsets.UTF_16LE),
        utf8(more.replace(';', '\t').replace("text", "said")),
        utf8(
            "neg,a long text without any header\npos,and another one of them\n"
                + "neg,so that labels come again\npos,as labels do here\n"));
  }

  private static List<byte[]> json() {
    return List.of(
        utf8(
            "[{\"id\": {\"$oid\": \"7\"}, \"text\": \"good \\u00e9 \\ud83d\\ude00\", \"label\": \"pos\"},\n"
                + " {\"text\": \"bad\", \"label\": [\"neg\"], \"split\": \"test\"},\n"
                + " {\"text\": \"none\", \"label\": null}]\n"),
        utf8("[{\"id\":1,\"data\":{\"text\":\"a b c\"},\"meta\":[1,[2,{}]]}]"),
        utf8("{\"said\":\"one two three\",\"n\":1e400}\n{\"said\":\"four\",\"n\":2}\n"));
  }

  private static List<byte[]> csv(String separator) {
    String header = String.join(separator, "label", "text", "id", "split");
    String row =
        String.join(separator, "pos", "\"" + TEXT.replace("\"", "\"\"") + "\"", "7", "train");
    String plain = String.join(separator, "neg", "a plain text", "8", "test");
    return List.of(
        utf8(header + "\n" + row + "\n" + plain + "\n"),
        utf8(header + "\r\n" + plain + "\r\n" + row),
        utf8(String.join(separator, "0", "text without header") + "\n"));
  }

  private static List<byte[]> jsonl() {
    return List.of(
        utf8(
            "{\"id\": \"7\", \"text\": \"good \\u00e9 \\ud83d\\ude00\", \"label\": \"pos\"}\n"
                + "{\"text\": \"bad\", \"label\": [\"neg\"], \"split\": \"test\"}\n"
                + "{\"text\": \"none\", \"label\": null}\n"));
  }

  private static List<byte[]> lines() {
    return List.of(
        utf8(TEXT + "\n" + TEXT + "\n"),
        utf8("__label__pos good film\n__label__neg bad\n"),
        utf8(
            " = Anarchism = \n\nAnarchism is a philosophy .\n\n = = History = = \n\n = Autism = \nx\n"));
  }

  private static byte[] tar() throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    for (String name :
        List.of(
            "a/train/neg/0_1.txt",
            "a/train/pos/1_9.txt",
            "a/train/" + "b".repeat(120) + "/x.txt")) {
      files.put(name, TEXT + name);
    }
    return Tarball.plain(files);
  }

  // Models

  private void wordVectors(byte[] input) throws IOException {
    Vocab vocab = Vocab.of(List.of("xxunk", "xxpad", "the", "\u00e9t\u00e9"));
    WordVectors vectors = WordVectors.open(file("v.txt", input));
    check(vectors.width() > 1, "width");
    float[] table = new float[vocab.size() * vectors.width()];
    boolean[] known = new boolean[vocab.size()];
    WordVectors.Found found = vectors.into(vocab, table, known);
    check(found.found() <= vocab.size() && found.otherwise() <= found.found(), "" + found);
    for (float value : table) {
      check(Float.isFinite(value), "no number");
    }
  }

  private void safetensors(byte[] input) throws IOException {
    try (Safetensors.Reader reader = Safetensors.Reader.open(file("a.safetensors", input))) {
      long covered = 0;
      for (Safetensors.Info info : reader.tensors().values()) {
        ByteBuffer bytes = reader.bytes(info.name());
        check(bytes.remaining() == info.elements() * info.dtype().bytes(), info.toString());
        covered += bytes.remaining();
      }
      check(covered < input.length, "more data than bytes");
    }
  }

  private static List<byte[]> recipes() {
    Recipe recipe = Recipes.parse("{}", "seed", List.of());
    return List.of(
        utf8(Recipes.toYaml(recipe)),
        utf8("# mine\nseed: 7\nlm: {batchSize: 32, bptt: 70}\nclassifier:\n  maxLength: 400\n"));
  }

  private void recipe(byte[] input) {
    Recipe recipe = Recipes.parse(new String(input, StandardCharsets.UTF_8), "recipe", List.of());
    String again = Recipes.toYaml(recipe);
    check(Recipes.parse(again, "again", List.of()).equals(recipe), "reads its own words otherwise");
  }

  private void vocabulary(byte[] input) throws IOException {
    Vocab vocab = Vocab.read(file("vocab.txt", input));
    Path again = dir.resolve("again.txt");
    vocab.write(again);
    check(Vocab.read(again).equals(vocab), "reads its own words otherwise");
  }

  private void tokenizer(byte[] input) throws IOException {
    TokenizerSpec spec = TokenizerSpec.parse(file("tokenizer.json", input).toString());
    try (TextPipeline pipeline = TextPipeline.of(Rules.FASTAI_2, spec)) {
      pipeline.tokens(TEXT);
    }
  }

  private void text(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    for (TextPipeline pipeline : Pipelines.ALL) {
      List<String> tokens = pipeline.tokens(text);
      check(tokens.equals(pipeline.tokens(text)), "two readings differ");
      check(tokens.stream().noneMatch(String::isEmpty), "an empty token");
    }
  }

  private void torch(byte[] input) throws IOException {
    try (TorchFile file = TorchFile.open(file("a.pth", input))) {
      for (TorchTensor tensor : file.tensors().values()) {
        if (!tensor.dtype().startsWith("I")) {
          tensor.read(new float[Math.toIntExact(tensor.elements())]);
        }
      }
    }
  }

  private void pickle(byte[] input) throws IOException {
    List<String> words = VocabPickle.read(file("a.pkl", input));
    check(words.stream().distinct().count() == words.size(), "a word twice");
  }
}
