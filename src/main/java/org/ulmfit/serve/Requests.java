package org.ulmfit.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.ulmfit.Shown;
import org.ulmfit.UlmfitException;
import org.ulmfit.Version;
import org.ulmfit.corpus.JsonText;
import org.ulmfit.corpus.TextReader.Text;
import org.ulmfit.predict.ExplanationJson;
import org.ulmfit.predict.Prediction;
import org.ulmfit.predict.PredictionWriter;

/** What is asked at which path. */
final class Requests extends Handler.Abstract {
  private static final int EXPLAINED = 1; // texts of a request
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ServeOptions options;
  private final ModelSlot model;
  private final Batcher batcher;
  private final Explainers explainers;
  private final Metrics metrics;

  /** Files that the server gives, by path; nothing else of a request is looked up. */
  private static final Map<String, Static> STATIC =
      Map.of(
          "/", Static.of("page.html", "text/html; charset=utf-8"),
          "/page.css", Static.of("page.css", "text/css; charset=utf-8"),
          "/page.js", Static.of("page.js", "text/javascript; charset=utf-8"),
          "/openapi.json", Static.of("openapi.json", "application/json"));

  Requests(
      ServeOptions options,
      ModelSlot model,
      Batcher batcher,
      Explainers explainers,
      Metrics metrics) {
    super(InvocationType.NON_BLOCKING);
    this.options = options;
    this.model = model;
    this.batcher = batcher;
    this.explainers = explainers;
    this.metrics = metrics;
  }

  /** A file of the program's own. */
  private record Static(String text, HttpField type) {
    static Static of(String name, String type) {
      try (InputStream in = Requests.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException(name + " is missing from the jar");
        }
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        return new Static(
            text.replace("@VERSION@", Version.version()),
            new HttpField(HttpHeader.CONTENT_TYPE, type));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** An answer that is ready. */
  private record Reply(int status, String text, HttpField type) {
    static Reply json(String text) {
      return new Reply(200, text, JsonErrors.JSON);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long since = System.nanoTime();
    String path = Request.getPathInContext(request);
    String counted = isKnown(path) ? path : "other";
    CompletableFuture<Reply> reply;
    try {
      reply = reply(request, path);
    } catch (Refusal e) {
      reply = CompletableFuture.failedFuture(e);
    }
    var unused = // nothing in it fails
        reply
            .exceptionally(Requests::refused)
            .thenAccept(
                made -> {
                  metrics.request(counted, made.status, (System.nanoTime() - since) / 1e9);
                  write(response, made, callback);
                });
    return true;
  }

  private static boolean isKnown(String path) {
    return STATIC.containsKey(path)
        || List.of("/predict", "/explain", "/healthz", "/metrics").contains(path);
  }

  private CompletableFuture<Reply> reply(Request request, String path) {
    String method = request.getMethod();
    boolean asks = path.equals("/predict") || path.equals("/explain");
    if (!isKnown(path)) {
      throw new Refusal(404, "nothing is here; see /openapi.json");
    }
    if (asks ? !method.equals("POST") : !method.equals("GET") && !method.equals("HEAD")) {
      throw new Refusal(405, path + " is asked with " + (asks ? "POST" : "GET"));
    }
    Static file = STATIC.get(path);
    if (file != null) {
      return CompletableFuture.completedFuture(new Reply(200, file.text, file.type));
    }
    return switch (path) {
      case "/predict" -> Body.of(request, options).thenCompose(this::predict);
      case "/explain" -> Body.of(request, options).thenCompose(this::explain);
      case "/healthz" -> CompletableFuture.completedFuture(Reply.json(model.ask(Requests::health)));
      default ->
          CompletableFuture.completedFuture(
              new Reply(
                  200,
                  metrics.text(batcher::waiting),
                  new HttpField(
                      HttpHeader.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")));
    };
  }

  private CompletableFuture<Reply> predict(byte[] body) {
    Question question = question(body, options.texts(), false);
    return inTime(batcher.submit(question.rows()))
        .thenApply(answers -> Reply.json(predictions(question, answers)));
  }

  private Question question(byte[] body, int most, boolean explains) {
    return Question.read(body, model.ask(ModelSlot.Served::fields), most, explains);
  }

  private static String predictions(Question question, List<Prediction> answers) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Prediction answer = answers.get(i); // of the model that gave it, which may be a newer one
      List<String> labels = List.copyOf(answer.probabilities().keySet());
      PredictionWriter writer =
          new PredictionWriter(false, false, answer.labelling(), labels, 0, 0, List.of());
      Text row = new Text(Integer.toString(i + 1), false, question.rows().get(i));
      lines.add(writer.line(row, answer));
    }
    return question.several()
        ? "{\"predictions\":[" + String.join(",", lines) + "]}\n"
        : lines.get(0) + "\n";
  }

  private CompletableFuture<Reply> explain(byte[] body) {
    Question question = question(body, EXPLAINED, true);
    if (question.rows().isEmpty()) {
      throw new Refusal(400, "\"texts\": one text is explained at a time");
    }
    List<String> row = question.rows().get(0);
    return inTime(explainers.submit(row, question.labels()))
        .thenApply(
            explanations ->
                Reply.json(ExplanationJson.line(new Text("1", false, row), explanations) + "\n"));
  }

  /** The same, given up in time. */
  private <T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
    return answer.orTimeout(options.timeoutMillis(), TimeUnit.MILLISECONDS);
  }

  private static String health(ModelSlot.Served served) {
    return Shown.format(
        "{\"status\":\"ok\",\"version\":%s,\"model\":%s,\"task\":%s,\"fields\":%d,\"labels\":%s}\n",
        JsonText.quote(Version.version()),
        JsonText.quote(served.sum()),
        JsonText.quote(served.classifier().labelling().word()),
        served.fields(),
        JsonText.array(served.classifier().labels()));
  }

  private static Reply refused(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof Refusal refusal) {
      return new Reply(refusal.status(), JsonErrors.line(refusal.why()), JsonErrors.JSON);
    }
    if (cause instanceof TimeoutException) {
      return new Reply(504, JsonErrors.line("no answer in time; ask again later"), JsonErrors.JSON);
    }
    if (cause instanceof CancellationException || cause instanceof EofException) {
      return new Reply(503, JsonErrors.line("the server is stopping"), JsonErrors.JSON);
    }
    if (cause instanceof UlmfitException e && e.kind() == UlmfitException.Kind.BAD_DATA) {
      return new Reply(
          503,
          JsonErrors.line("the model was changed, it reads other columns; ask again"),
          JsonErrors.JSON);
    }
    return new Reply(
        500,
        JsonErrors.line("the model failed: " + cause.getClass().getSimpleName()),
        JsonErrors.JSON);
  }

  private static void write(Response response, Reply reply, Callback callback) {
    response.setStatus(reply.status);
    response.getHeaders().put(reply.type);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put("Cache-Control", "no-store");
    response.getHeaders().put("Content-Security-Policy", PAGE_POLICY);
    byte[] bytes = reply.text.getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }
}
