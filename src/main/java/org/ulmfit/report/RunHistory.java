package org.ulmfit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ulmfit.UlmfitException;
import org.ulmfit.train.TrainingListener;

/**
 * What {@code log.jsonl} tells of a run.
 *
 * @param steps every optimiser step
 * @param marks global step at which each epoch ended
 */
record RunHistory(
    List<TrainingListener.PhaseStart> phases,
    List<TrainingListener.Step> steps,
    List<TrainingListener.Epoch> epochs,
    List<Long> marks,
    List<String> notes) {
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
            new ArrayList<>());
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
