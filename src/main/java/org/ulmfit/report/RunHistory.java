package org.ulmfit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.ulmfit.UlmfitException;
import org.ulmfit.train.TrainingListener;

/**
 * What {@code log.jsonl} tells of a run.
 *
 * @param steps every optimiser step
 * @param marks global step at which each epoch ended
 * @param advice what could be done better, as the run told it
 * @param seconds of the parts of the run that its log tells
 * @param facts single ones: how it was begun, what else the machine did
 */
record RunHistory(
    List<TrainingListener.PhaseStart> phases,
    List<TrainingListener.Step> steps,
    List<TrainingListener.Epoch> epochs,
    List<Long> marks,
    List<String> notes,
    List<String> advice,
    Map<RunPart, Double> seconds,
    Map<Fact, JsonNode> facts) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int POINTS = 400; // of a curve

  /**
   * Reads a log; a line that was being written when the run ended is passed over.
   *
   * @throws UlmfitException (bad data) if the log is missing
   */
  static RunHistory read(Path log) {
    RunHistory history =
        new RunHistory(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new EnumMap<>(RunPart.class),
            new EnumMap<>(Fact.class));
    try (BufferedReader reader = Files.newBufferedReader(log)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        history.take(line);
      }
    } catch (JsonProcessingException e) {
      return history;
    } catch (IOException e) {
      throw UlmfitException.cannotRead(UlmfitException.Kind.BAD_DATA, log, e);
    }
    return history;
  }

  /** What a log tells once. */
  enum Fact {
    COMMAND,
    LOAD
  }

  /** What the fact says under a name; empty if the log does not tell. */
  String told(Fact fact, String name) {
    JsonNode node = facts.get(fact);
    return node == null || node.path(name).isNull() ? "" : node.path(name).asText();
  }

  boolean languageModel() {
    return phases.stream().anyMatch(TrainingListener.PhaseStart::languageModel);
  }

  /** The heading of the training loss: a sampled one is no cross-entropy over the vocabulary. */
  String trainLoss() {
    String name = phases.isEmpty() ? "loss" : phases.get(phases.size() - 1).lossName();
    return name.equals("loss") ? "train loss" : "train " + name;
  }

  /** The heading of the validation's accuracy. */
  String accuracyName() {
    return phases.isEmpty() ? "accuracy" : phases.get(phases.size() - 1).accuracyName();
  }

  private void take(String line) throws JsonProcessingException {
    JsonNode node = JSON.readTree(line);
    String type = node.path("type").asText();
    if (node instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
      object.remove("type");
    }
    switch (type) {
      case "phase" -> phases.add(JSON.treeToValue(node, TrainingListener.PhaseStart.class));
      case "step" -> steps.add(JSON.treeToValue(node, TrainingListener.Step.class));
      case "epoch" -> {
        epochs.add(JSON.treeToValue(node, TrainingListener.Epoch.class));
        marks.add(steps.isEmpty() ? 0 : steps.get(steps.size() - 1).globalStep());
      }
      case "advice" -> advice.add(node.path("text").asText());
      case "command" -> facts.put(Fact.COMMAND, node);
      case "load" -> facts.put(Fact.LOAD, node);
      case "time" ->
          RunPart.of(node.path("part").asText())
              .ifPresent(part -> seconds.merge(part, node.path("seconds").asDouble(), Double::sum));
      case "note" -> notes.add(node.path("text").asText());
      default -> {
        // a later version's event
      }
    }
  }

  /** At most so many points: the mean of each run of neighbours. */
  static double[] means(double[] values) {
    int width = Math.max(1, (values.length + POINTS - 1) / POINTS);
    double[] means = new double[(values.length + width - 1) / width];
    for (int i = 0; i < means.length; i++) {
      int end = Math.min(values.length, (i + 1) * width);
      for (int j = i * width; j < end; j++) {
        means[i] += values[j] / (end - i * width);
      }
    }
    return means;
  }
}
