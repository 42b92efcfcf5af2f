package org.ulmfit.predict;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ulmfit.Labelling;
import org.ulmfit.Shown;
import org.ulmfit.Stop;
import org.ulmfit.UlmfitException;
import org.ulmfit.classifier.Family;
import org.ulmfit.classifier.Mistakes;
import org.ulmfit.classifier.Output;
import org.ulmfit.classifier.SavedModel;
import org.ulmfit.classifier.Scorer;
import org.ulmfit.classifier.Target;
import org.ulmfit.corpus.Corpus;
import org.ulmfit.corpus.InputColumns;
import org.ulmfit.io.ModelFolder;
import org.ulmfit.io.ScratchFolder;
import org.ulmfit.model.EnsembleConfig;
import org.ulmfit.model.ModelConfig;
import org.ulmfit.nn.Precision;
import org.ulmfit.nn.Torch;
import org.ulmfit.prepare.EvaluationSet;
import org.ulmfit.report.Mistake;
import org.ulmfit.train.Scores;
import org.ulmfit.vocab.Coverage;
import org.ulmfit.vocab.TokenStore;

/** The classifier of a model folder, or the classifiers of an ensemble's. */
final class SavedClassifier implements TextClassifier {

  private final List<SavedModel> members;
  private final Combination combination;
  private final List<String> labels;
  private final SharedReading reading;
  private final Output output;
  private final List<String> unheeded; // what was asked for and does nothing, a line each
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
  private volatile boolean closed;

  private SavedClassifier(
      List<SavedModel> members,
      Combination combination,
      List<String> labels,
      Output output,
      List<String> unheeded) {
    this.members = members;
    this.combination = combination;
    this.labels = labels;
    this.output = output;
    this.unheeded = unheeded;
    this.reading = new SharedReading(Members.readers(members));
  }

  static SavedClassifier load(
      Path dirOrRun, String device, @Nullable String precision, @Nullable Path vectors) {
    Supplier<SavedClassifier> read =
        () ->
            ModelFolder.ensemble(dirOrRun)
                .map(dir -> ensemble(dir, device, precision, vectors))
                .orElseGet(() -> single(dirOrRun, device, precision, vectors));
    if (!isOnEngine(dirOrRun)) {
      return read.get();
    }
    Torch.startAside();
    return Torch.aside(read);
  }

  /** As far as can be seen before anything is checked. */
  private static boolean isOnEngine(Path dirOrRun) {
    String family = ModelFolder.family(dirOrRun);
    return Family.ALL.stream().noneMatch(f -> f.name().equals(family) && !f.onEngine());
  }

  private static SavedClassifier single(
      Path dirOrRun, String device, @Nullable String precision, @Nullable Path vectors) {
    ModelFolder folder = ModelFolder.open(dirOrRun, "classifier");
    List<String> labels = folder.labels();
    return opened(
        List.of(folder),
        labels,
        device,
        precision,
        vectors,
        members ->
            new SavedClassifier(
                members,
                Combination.none(),
                labels,
                Output.of(members.get(0).config()),
                unheeded(members, device, precision)));
  }

  private static SavedClassifier ensemble(
      Path dir, String device, @Nullable String precision, @Nullable Path vectors) {
    ModelFolder folder = ModelFolder.open(dir, ModelFolder.ENSEMBLE);
    List<String> labels = folder.labels();
    EnsembleConfig config = EnsembleConfig.of(folder, labels.size());
    List<ModelFolder> folders = config.open(folder);
    Members.check(folders);
    Output output = Output.of(config.thresholds());
    if (output.labelling() != ModelConfig.of(folders.get(0)).labelling()) {
      throw UlmfitException.badModel(
          folder.path()
              + ": config.json: task is not that of its members; make the ensemble again");
    }
    return opened(
        folders,
        labels,
        device,
        precision,
        vectors,
        members ->
            new SavedClassifier(
                members,
                Combination.of(output.labelling(), config.stacking()),
                labels,
                output,
                unheeded(members, device, precision)));
  }

  private static SavedClassifier opened(
      List<ModelFolder> folders,
      List<String> labels,
      String device,
      @Nullable String precision,
      @Nullable Path vectors,
      Function<List<SavedModel>, SavedClassifier> made) {
    List<SavedModel> members = new ArrayList<>();
    try {
      folders.forEach(
          folder -> members.add(SavedModel.open(folder, labels, device, precision, vectors)));
      return made.apply(members);
    } catch (RuntimeException | Error e) {
      members.forEach(SavedModel::close);
      throw e;
    }
  }

  private static List<String> unheeded(
      List<SavedModel> members, String device, @Nullable String precision) {
    List<String> asked = new ArrayList<>();
    if (members.stream().noneMatch(SavedModel::onEngine)) {
      if (!device.equals("auto") && !device.equals("cpu")) {
        asked.add("--device " + device);
      }
      if (precision != null) {
        asked.add("--precision " + precision);
      }
    }
    return asked.stream()
        .map(option -> option + " changes nothing: this model computes without the engine")
        .toList();
  }

  @Override
  public Labelling labelling() {
    return output.labelling();
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public @Nullable InputColumns inputColumns() {
    return Members.input(members);
  }

  @Override
  public Precision precision() {
    return members.get(0).precision();
  }

  @Override
  public List<String> remarks() {
    return Stream.of(
            members.stream().flatMap(member -> member.config().remark().stream()).distinct(),
            precision().advice().stream(),
            unheeded.stream())
        .flatMap(lines -> lines)
        .toList();
  }

  @Override
  public Coverage coverage() {
    return reading.coverage();
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
    checkNulls(rows, "classify");
    return answers(rows);
  }

  @Override
  public float[][] embedFields(List<List<String>> rows) {
    checkNulls(rows, "embed");
    if (members.size() > 1) {
      throw UlmfitException.usage(
          "an ensemble has no vector of a text; give one of the models that it was made of");
    }
    checkWidth(rows);
    return whileOpen(() -> members.get(0).vectors(reading.ids(rows)[0]));
  }

  @Override
  public List<Explanation> explainFields(List<String> fields, List<String> asked, Stop stop) {
    checkNulls(List.of(fields), "explain");
    checkWidth(List.of(fields));
    int[] indices = asked.stream().mapToInt(this::index).toArray();
    return whileOpen(
        () -> {
          Prediction answer = answers(List.of(fields)).get(0);
          Explaining explaining = new Explaining(members, combination, reading, stop);
          return Arrays.stream(indices.length > 0 ? indices : told(answer))
              .mapToObj(label -> explaining.explain(fields, answer, label))
              .toList();
        });
  }

  private int index(String label) {
    int index = labels.indexOf(label);
    if (index < 0) {
      throw UlmfitException.usage(
          "no label '" + Shown.name(label) + "'; the model has " + Shown.list(labels, 20));
    }
    return index;
  }

  /** The labels of an answer; where there are none, the most probable. */
  private int[] told(Prediction answer) {
    if (!answer.labels().isEmpty()) {
      return answer.labels().stream().mapToInt(labels::indexOf).toArray();
    }
    float[] logits = answer.logits();
    int best = IntStream.range(1, logits.length).reduce(0, (a, b) -> logits[b] > logits[a] ? b : a);
    return new int[] {best};
  }

  private static void checkNulls(List<List<String>> rows, String what) {
    Objects.requireNonNull(rows, "the rows to " + what + " are null");
    for (int i = 0; i < rows.size(); i++) {
      List<String> fields = rows.get(i);
      if (fields == null || fields.stream().anyMatch(field -> field == null)) {
        throw new NullPointerException(
            "row "
                + (i + 1)
                + " of "
                + rows.size()
                + " to "
                + what
                + " is null or has a null field");
      }
    }
  }

  private void checkWidth(List<List<String>> rows) {
    InputColumns input = inputColumns();
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
  }

  private List<Prediction> answers(List<List<String>> rows) {
    checkWidth(rows);
    return whileOpen(
        () -> {
          int[][][] ids = reading.ids(rows); // (models, rows, tokens)
          float[][][] logits = new float[members.size()][][];
          Arrays.setAll(logits, m -> members.get(m).logits(ids[m]));
          return Arrays.stream(Members.combined(combination, logits)).map(this::answer).toList();
        });
  }

  private Prediction answer(float[] logits) {
    float[] p = output.probabilities(logits);
    Map<String, Double> byLabel = new LinkedHashMap<>();
    IntStream.range(0, p.length).forEach(i -> byLabel.put(labels.get(i), (double) p[i]));
    List<String> answer = Arrays.stream(output.decide(p)).mapToObj(labels::get).toList();
    return new Prediction(output.labelling(), answer, byLabel, logits);
  }

  @Override
  public Scores evaluate(Corpus corpus, int limit, EvaluationListener listener) {
    Stop stop = new Stop(); // which nobody asks for
    return whileOpen(
        () -> {
          try (ScratchFolder scratch = ScratchFolder.make();
              EvaluationSet rows =
                  Members.rows(
                      members,
                      reading.readers(),
                      labels,
                      corpus,
                      EvaluationSet.Rows.TEST,
                      limit,
                      scratch.path(),
                      listener,
                      stop)) {
            warn(corpus, rows, listener);
            float[][][] logits = Members.measured(members, rows, listener, stop);
            float[][] all = Members.combined(combination, logits);
            TokenStore read = rows.stores().get(0);
            Scores scores = Scorer.scores("", all, read, labels, output);
            if (listener.explains()) {
              listener.mistakes(mistakes(scores, read, listener));
            }
            return scores;
          }
        });
  }

  /** Rows that it was trained on say little of others. */
  private void warn(Corpus corpus, EvaluationSet rows, EvaluationListener listener) {
    if (members.stream().anyMatch(m -> Members.mayHaveSeen(m.trainedOn(), corpus, rows))) {
      listener.note(
          "WARNING: the model was trained on a corpus of the same name, "
              + corpus.name()
              + ": figures on rows that it has seen flatter; give rows that it has not");
    }
  }

  /** The surest errors; what words weigh is told where all members read the same of them. */
  private List<Mistake> mistakes(Scores scores, TokenStore rows, EvaluationListener listener) {
    SavedModel first = members.get(0);
    Explaining explaining = new Explaining(members, combination, reading, new Stop());
    boolean alike = reading.readers().stream().distinct().count() == 1;
    Mistakes.Weigher weigher =
        (row, words, groups, label) ->
            alike && members.stream().allMatch(m -> m.answers(words) <= Mistakes.DEAREST)
                ? explaining.weigh(rows.ids(row), groups, Target.logOdds(output.labelling(), label))
                : null;
    return new Mistakes(first.config(), first.vocab())
        .of(scores, rows::ids, weigher, listener::note);
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
      members.forEach(SavedModel::close);
      reading.close();
    } finally {
      calls.writeLock().unlock();
    }
  }
}
