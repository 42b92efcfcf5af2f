package org.ulmfit.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulmfit.Ulmfit;
import org.ulmfit.UlmfitException;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.Document;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.TextClassifier;

/** A server on this machine's loopback. */
@Tag("engine")
class ClassifierServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path shared;
  private static Path network;
  private static Path ngrams;

  @TempDir Path dir;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> log = Collections.synchronizedList(new ArrayList<>());
  private Path model;
  private ClassifierServer server;

  @BeforeAll
  static void train() {
    List<Document> rows = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      boolean good = i % 2 == 0;
      rows.add(
          Document.of(
              (good ? "lovely bright film " : "dull broken film ") + i, good ? "pos" : "neg"));
    }
    network = shared.resolve("network");
    ngrams = shared.resolve("ngrams");
    Ulmfit.classifier(Corpus.of(rows)).recipe("mean-embedding").device("cpu").into(network);
    Ulmfit.classifier(Corpus.of(rows)).recipe("ngram-lr").into(ngrams);
  }

  @BeforeEach
  void start() throws IOException {
    model = dir.resolve("model");
    copy(network.resolve("classifier"), model);
    server = ClassifierServer.start(model, "cpu", options(1024), log::add);
  }

  private static ServeOptions options(int queue) {
    return new ServeOptions("127.0.0.1", 0, 4096, 8, queue, 10_000, 5, 10_000, 100);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        to(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> predicted(String text) {
    return client.sendAsync(
        to("/predict").POST(BodyPublishers.ofString("{\"text\": \"" + text + "\"}")).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(to(path).build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
    assertEquals(1, response.body().lines().count(), response.body());
    return JSON.readTree(response.body());
  }

  @Test
  void answersAreThoseOfTheClassifier() throws Exception {
    List<String> texts =
        List.of("lovely", "dull and broken", "", "a \"quote\" \u2028 \ud83d\ude00");
    JsonNode all = json(post("/predict", JSON.writeValueAsString(Map.of("texts", texts))));
    try (TextClassifier classifier = TextClassifier.load(model, "cpu", null)) {
      List<Prediction> expected = classifier.predict(texts);
      assertEquals(4, all.get("predictions").size());
      for (int i = 0; i < texts.size(); i++) {
        JsonNode own = all.get("predictions").get(i);
        JsonNode alone =
            json(post("/predict", JSON.writeValueAsString(Map.of("text", texts.get(i)))));
        assertEquals(expected.get(i).label(), own.get("label").asText());
        assertEquals(own.get("label"), alone.get("label"));
        for (String label : classifier.labels()) {
          double p = expected.get(i).probabilities().get(label);
          assertEquals(p, own.get("probabilities").get(label).asDouble(), 1e-5);
          assertEquals(p, alone.get("probabilities").get(label).asDouble(), 1e-5);
        }
      }
    }
    assertEquals(0, json(post("/predict", "{\"texts\": []}")).get("predictions").size());
  }

  @Test
  void requestsThatComeTogetherAreOneBatch() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> asked =
        IntStream.range(0, 40).mapToObj(i -> predicted(i % 2 == 0 ? "lovely" : "dull")).toList();
    for (int i = 0; i < asked.size(); i++) {
      assertEquals(i % 2 == 0 ? "pos" : "neg", json(asked.get(i).get()).get("label").asText());
    }
    String metrics = get("/metrics").body();
    double batches = metric(metrics, "ulmfit_batch_texts_count");
    assertEquals(40, metric(metrics, "ulmfit_batch_texts_sum"));
    assertTrue(batches < 40, "batches: " + batches);
    assertEquals(40, metric(metrics, "ulmfit_requests_total{path=\"/predict\",status=\"200\"}"));
    assertEquals(0, metric(metrics, "ulmfit_queue_texts"));
  }

  private static double metric(String all, String name) {
    return all.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + all));
  }

  @Test
  void wordsAreExplained() throws Exception {
    JsonNode why = json(post("/explain", "{\"text\": \"lovely film\"}")).get("explanations").get(0);
    assertEquals("pos", why.get("label").asText());
    assertEquals("lovely", why.get("words").get(0).get("text").asText());
    JsonNode asked = json(post("/explain", "{\"text\": \"lovely\", \"labels\": [\"neg\"]}"));
    assertEquals("neg", asked.get("explanations").get(0).get("label").asText());
    assertError(400, "no label", post("/explain", "{\"text\": \"lovely\", \"labels\": [\"no\"]}"));
    assertError(413, "up to 1", post("/explain", "{\"texts\": [\"a\", \"b\"]}"));
    assertError(
        400, "twice", post("/explain", "{\"text\": \"a\", \"labels\": [\"pos\", \"pos\"]}"));
    String metrics = get("/metrics").body();
    assertEquals(5, metric(metrics, "ulmfit_request_seconds_count{path=\"/explain\"}"));
    assertEquals(0, metric(metrics, "ulmfit_request_seconds_count{path=\"/predict\"}"));
  }

  private static void assertError(int status, String why, HttpResponse<String> response)
      throws IOException {
    assertEquals(status, response.statusCode(), response.body());
    String error = json(response).get("error").asText();
    assertTrue(error.contains(why), error);
    assertFalse(error.contains("secret"), error);
  }

  @Test
  void whatCannotBeAnsweredIsSaidInALine() throws Exception {
    assertError(400, "not JSON", post("/predict", "{\"text\": secret"));
    assertError(400, "not JSON", post("/predict", "{\"text\": \"a\"} secret"));
    assertError(400, "not JSON", post("/predict", "{\"text\": \"a\", \"text\": \"secret\"}"));
    assertError(400, "an empty body", post("/predict", ""));
    assertError(400, "an object", post("/predict", "[\"secret\"]"));
    assertError(400, "not known", post("/predict", "{\"secret\": \"a\"}"));
    assertError(400, "either", post("/predict", "{}"));
    assertError(400, "either", post("/predict", "{\"text\": \"a\", \"texts\": []}"));
    assertError(400, "a string", post("/predict", "{\"text\": 1}"));
    assertError(400, "\"texts\"[1]", post("/predict", "{\"texts\": [\"a\", null]}"));
    assertError(400, "the model reads 1", post("/predict", "{\"text\": [\"a\", \"b\"]}"));
    assertError(413, "up to 8", post("/predict", "{\"texts\": [" + "\"a\",".repeat(8) + "\"a\"]}"));
    assertError(413, "4096 bytes", post("/predict", "{\"text\": \"" + "a".repeat(5000) + "\"}"));
    assertError(404, "openapi", get("/secret"));
    assertError(400, "Bad Request", get("/..%2f..%2fetc/passwd"));
    assertError(405, "POST", get("/predict"));
    assertError(405, "GET", post("/healthz", "{}"));
    HttpResponse<String> chunks = // of no length that is told
        client.send(
            to("/predict")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[5000])))
                .build(),
            BodyHandlers.ofString());
    assertError(413, "4096 bytes", chunks);
    HttpResponse<String> latin =
        client.send(
            to("/predict")
                .POST(BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xe9, '"'}))
                .build(),
            BodyHandlers.ofString());
    assertError(400, "UTF-8", latin);
  }

  /** Random bytes as bodies, and as requests. */
  @Test
  void nothingMalformedIsAFailureOfTheServer() throws Exception {
    Random random = new Random(5);
    String good = "{\"texts\": [\"lovely\", \"dull\"]}";
    for (int i = 0; i < 300; i++) {
      byte[] body = good.getBytes(StandardCharsets.UTF_8);
      for (int k = 0; k <= random.nextInt(4); k++) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      int status =
          client
              .send(
                  to(i % 2 == 0 ? "/predict" : "/explain")
                      .POST(BodyPublishers.ofByteArray(body))
                      .build(),
                  BodyHandlers.ofString())
              .statusCode();
      assertTrue(status == 200 || status == 400 || status == 413, "status " + status);
    }
    for (String line :
        List.of(
            "GET\r\n\r\n",
            "\u0000\u0001\r\n\r\n",
            "POST /predict HTTP/1.1\r\nContent-Length: -4\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n\r\n")) {
      String answer = raw(line);
      assertTrue(answer.isEmpty() || answer.matches("(?s)HTTP/1.1 [45]\\d\\d .*"), answer);
      assertFalse(answer.startsWith("HTTP/1.1 500"), answer);
      assertFalse(answer.contains("<html"), answer);
    }
    assertEquals(200, get("/healthz").statusCode());
  }

  private String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.ISO_8859_1);
    } catch (SocketException e) {
      return ""; // the server hung up
    }
  }

  @Test
  void anotherModelTakesThePlaceWithoutALostRequest() throws Exception {
    String before = json(get("/healthz")).get("model").asText();
    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    Path next = dir.resolve("next");
    copy(ngrams.resolve("classifier"), next);
    Files.move(model, dir.resolve("old"));
    Files.move(next, model);
    long end = System.nanoTime() + 20_000_000_000L;
    String now = before;
    while (now.equals(before) && System.nanoTime() < end) {
      for (int i = 0; i < 5; i++) {
        asked.add(predicted("lovely"));
      }
      now = json(get("/healthz")).get("model").asText();
      Thread.sleep(20);
    }
    assertFalse(now.equals(before), "not swapped: " + log);
    for (CompletableFuture<HttpResponse<String>> one : asked) {
      assertEquals("pos", json(one.get()).get("label").asText());
    }
    assertEquals(1, metric(get("/metrics").body(), "ulmfit_model_swaps_total"));
    assertTrue(log.get(0).contains("the model was changed"), log.toString());
  }

  /** Of a model that is copied into place the checksums may come before the weights. */
  @Test
  void aModelThatIsHalfCopiedAnswersOnceItIsWhole() throws Exception {
    String before = json(get("/healthz")).get("model").asText();
    String weights = "model.safetensors";
    Files.move(model, dir.resolve("old"));
    Path whole = ngrams.resolve("classifier");
    copy(whole, dir.resolve("next"));
    Files.write(dir.resolve("next").resolve(weights), new byte[100]);
    Files.move(dir.resolve("next"), model);
    long end = System.nanoTime() + 60_000_000_000L;
    while (log.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertTrue(log.get(0).contains("it is tried again"), log.toString());
    Files.copy(whole.resolve(weights), model.resolve(weights), StandardCopyOption.REPLACE_EXISTING);
    while (json(get("/healthz")).get("model").asText().equals(before) && System.nanoTime() < end) {
      Thread.sleep(50);
    }
    while (log.size() < 2 && System.nanoTime() < end) { // it is told once the other one answers
      Thread.sleep(20);
    }
    assertEquals(2, log.size(), log.toString());
    assertTrue(log.get(1).contains("answers"), log.toString());
  }

  @Test
  void wordsAreExplainedWhileTheFolderIsGone() throws Exception {
    Files.move(model, dir.resolve("away"));
    assertEquals(200, post("/explain", "{\"text\": \"lovely film\"}").statusCode());
  }

  @Test
  void aBodyThatComesDropByDropIsGivenUp() throws Exception {
    try (ClassifierServer hasty =
            ClassifierServer.start(
                model,
                "cpu",
                new ServeOptions("127.0.0.1", 0, 4096, 8, 64, 700, 5, 1000, 10_000),
                log::add);
        Socket socket = new Socket("127.0.0.1", hasty.port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      String head = "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      Thread drops =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    out.write('x');
                    out.flush();
                    Thread.sleep(100);
                  }
                } catch (IOException | InterruptedException e) {
                  // it was hung up on
                }
              });
      drops.start();
      byte[] answer = new byte[12];
      assertEquals(12, socket.getInputStream().readNBytes(answer, 0, 12));
      assertEquals("HTTP/1.1 408", new String(answer, StandardCharsets.US_ASCII));
      drops.interrupt();
      drops.join();
    }
  }

  @Test
  void aDamagedModelInItsPlaceChangesNothing() throws Exception {
    Files.writeString(model.resolve("vocab.txt"), "\"damaged\"\n");
    Files.writeString(
        model.resolve("checksums.txt"), Files.readString(model.resolve("checksums.txt")) + "\n");
    long end = System.nanoTime() + 20_000_000_000L;
    while (log.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertTrue(log.get(0).contains("the one before goes on"), log.toString());
    assertEquals("pos", json(post("/predict", "{\"text\": \"lovely\"}")).get("label").asText());
  }

  @Test
  void aPortInUseAndAModelThatIsNoneAreRefused() {
    UlmfitException taken =
        assertThrows(
            UlmfitException.class,
            () ->
                ClassifierServer.start(
                    model, "cpu", options(1).at("127.0.0.1", server.port()), log::add));
    assertEquals(UlmfitException.Kind.USAGE, taken.kind());
    assertTrue(taken.getMessage().contains("--port"), taken.getMessage());
    UlmfitException none =
        assertThrows(
            UlmfitException.class,
            () -> ClassifierServer.start(dir.resolve("no"), "cpu", options(1), log::add));
    assertTrue(none.getMessage().contains("no such folder"), none.getMessage());
  }

  @Test
  void thePageNeedsNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = get("/");
    assertTrue(page.body().contains("<h1>Try the classifier</h1>"));
    assertFalse(page.body().contains("http"), "everything is of this server");
    assertTrue(
        page.headers().firstValue("Content-Security-Policy").orElseThrow().contains("'none'"));
    for (String file : List.of("/page.css", "/page.js")) {
      assertEquals(200, get(file).statusCode());
    }
    JsonNode api = JSON.readTree(get("/openapi.json").body());
    for (String path : List.of("/predict", "/explain", "/healthz", "/metrics")) {
      assertTrue(api.get("paths").has(path), path);
    }
  }

  @Test
  void aServerThatIsClosedHasAnsweredWhatCame() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> asked =
        IntStream.range(0, 20).mapToObj(i -> predicted("lovely")).toList();
    asked.get(0).get();
    server.close();
    for (CompletableFuture<HttpResponse<String>> one : asked) {
      int status = one.handle((response, e) -> e == null ? response.statusCode() : 0).get();
      assertTrue(status == 200 || status == 503 || status == 0, "status " + status);
    }
    assertEquals(200, asked.get(0).get().statusCode());
  }
}
