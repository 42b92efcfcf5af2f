package org.ulmfit.predict;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Inference;
import org.ulmfit.classifier.Objective;
import org.ulmfit.classifier.Scorer;
import org.ulmfit.config.Recipe;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.Safetensors;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Backend;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.Prepare;
import org.ulmfit.text.TokenizerSpec;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.TextEncoder;
import org.ulmfit.vocab.TokenStore;
import org.ulmfit.vocab.Vocab;

/** A classifier of a model folder. */
final class SavedClassifier implements TextClassifier {

  private final ModelConfig config;
  private final List<String> labels;
  private final TextEncoder encoder;
  private final Coverage coverage;
  private final Backend backend;
  private final Inference model;
  private final Objective objective;
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
  private volatile boolean closed;

  private SavedClassifier(
      ModelConfig config,
      List<String> labels,
      TextEncoder encoder,
      Backend backend,
      Inference model) {
    this.config = config;
    this.labels = labels;
    this.encoder = encoder;
    this.coverage = encoder.coverage();
    this.backend = backend;
    this.model = model;
    this.objective = Objective.of(config);
  }

  static SavedClassifier load(Path dirOrRun, String device, @Nullable String precision) {
    Torch.startAside();
    ModelFolder folder = ModelFolder.open(dirOrRun, "classifier");
    ModelConfig config = ModelConfig.of(folder);
    List<String> labels = folder.labels();
    if (config.head() == null || config.head().classes() != labels.size()) {
      throw UlmfitException.badModel(
          folder.path() + ": config.json and labels.json do not fit together; train it again");
    }
    TextEncoder encoder = encoder(config, config.vocabulary(folder));
    try {
      return open(folder, config, labels, encoder, device, precision);
    } catch (RuntimeException | Error e) {
      encoder.close();
      throw e;
    }
  }

  private static TextEncoder encoder(ModelConfig config, Vocab vocab) {
    Recipe.Text text = config.readingRecipe().text();
    return TextEncoder.of(
        text.rules(),
        TokenizerSpec.parse(text.tokenizer()),
        text.markFields(),
        text.fieldNumbers(),
        text.normalise(),
        vocab);
  }

  private static SavedClassifier open(
      ModelFolder folder,
      ModelConfig config,
      List<String> labels,
      TextEncoder encoder,
      String device,
      @Nullable String precision) {
    Device where = Torch.device(device);
    String arithmetic = precision == null ? config.measured().precision() : precision;
    Backend backend = Backend.open(where, Precision.of(arithmetic, where));
    try (Safetensors.Reader file = Safetensors.Reader.open(folder.file("model.safetensors"))) {
      Inference model = Family.of(config).open(backend, config, encoder.vocab().padId(), file);
      return new SavedClassifier(config, labels, encoder, backend, model);
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public @Nullable InputColumns inputColumns() {
    return config.input();
  }

  @Override
  public Precision precision() {
    return backend.precision();
  }

  @Override
  public Coverage coverage() {
    return coverage;
  }

  @Override
  public List<Prediction> predict(List<String> texts) {
    Objects.requireNonNull(texts, "the texts to classify are null");
    List<List<String>> rows = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i) == null) {
        throw new NullPointerException(
            "text " + (i + 1) + " of " + texts.size() + " to classify is null");
      }
      rows.add(List.of(texts.get(i)));
    }
    return answers(rows);
  }

  @Override
  public List<Prediction> predictFields(List<List<String>> rows) {
    Objects.requireNonNull(rows, "the rows to classify are null");
    for (int i = 0; i < rows.size(); i++) {
      List<String> fields = rows.get(i);
      if (fields == null || fields.stream().anyMatch(field -> field == null)) {
        throw new NullPointerException(
            "row " + (i + 1) + " of " + rows.size() + " to classify is null or has a null field");
      }
    }
    return answers(rows);
  }

  private List<Prediction> answers(List<List<String>> rows) {
    InputColumns input = config.input();
    for (List<String> fields : rows) {
      if (input != null && fields.size() != input.fields()) {
        throw UlmfitException.badData(
            "a row has "
                + fields.size()
                + (fields.size() == 1 ? " text" : " texts")
                + ", but the model was trained on "
                + input.describe()
                + "; give each row as many");
      }
    }
    return whileOpen(
        () -> {
          int[][] ids =
              rows.stream()
                  .map(encoder::tokens)
                  .peek(coverage::add)
                  .map(encoder::ids)
                  .toArray(int[][]::new);
          return Arrays.stream(model.logits(ids)).map(this::answer).toList();
        });
  }

  private Prediction answer(float[] logits) {
    float[] p = objective.probabilities(logits);
    Map<String, Double> byLabel = new LinkedHashMap<>();
    IntStream.range(0, p.length).forEach(i -> byLabel.put(labels.get(i), (double) p[i]));
    List<String> answer = Arrays.stream(objective.decide(p)).mapToObj(labels::get).toList();
    return new Prediction(answer, byLabel, logits);
  }

  @Override
  public Scores evaluate(Corpus corpus, int limit, EvaluationListener listener) {
    return whileOpen(
        () -> {
          Prepare prepare = new Prepare(config.readingRecipe(), listener::note, new Stop());
          try (ScratchFolder scratch = ScratchFolder.make();
              TokenStore store =
                  prepare.evaluation(
                      corpus, encoder.vocab(), labels, config.input(), scratch.path(), limit)) {
            listener.scored(0, store.tokens());
            return Scorer.score(
                "",
                model,
                store,
                labels,
                objective,
                model.measuring(config.measured()),
                done -> listener.scored(done, store.tokens()));
          }
        });
  }

  private <T> T whileOpen(Supplier<T> call) {
    calls.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the classifier is closed");
      }
      return call.get();
    } finally {
      calls.readLock().unlock();
    }
  }

  @Override
  public void close() {
    if (calls.getReadHoldCount() > 0) {
      throw new IllegalStateException("close() from within a call would wait for that call");
    }
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true; // from here on no call begins
    }
    calls.writeLock().lock(); // those under way have ended
    try {
      model.close();
      backend.close();
      encoder.close();
    } finally {
      calls.writeLock().unlock();
    }
  }
}
