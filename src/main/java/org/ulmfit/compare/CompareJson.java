package org.ulmfit.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.ulmfit.Labelling;
import org.ulmfit.io.PrettyJson;
import org.ulmfit.prepare.RowFiles;
import org.ulmfit.train.Interval;

/**
 * A comparison as one object: {@code corpus, task, rows, measuredOn, families[] (family, labels,
 * accuracy, macroF1, runs[]), mcNemar[], notes[], choice}. Times are in seconds, sizes in bytes.
 */
record CompareJson(
    String corpus,
    RowFiles rows,
    List<Group> groups,
    List<Neighbours> neighbours,
    Choice choice,
    String chosen,
    List<String> commands,
    List<String> start,
    List<String> told) {
  private static final ObjectMapper JSON = PrettyJson.mapper();

  String text() {
    ObjectNode root = JSON.createObjectNode();
    root.put("corpus", corpus);
    root.put("task", rows.labelling().word());
    ObjectNode sizes = root.putObject("rows");
    ObjectNode training = sizes.putObject("training");
    rows.training().forEach((count, n) -> training.put(count == 0 ? "all" : "" + count, n));
    sizes.put("valid", rows.valid()).put("test", rows.test());
    start.forEach(line -> root.put("start", line));
    root.put("measuredOn", rows.test() > 0 ? "test" : "valid");
    ArrayNode families = root.putArray("families");
    groups.forEach(group -> family(families.addObject(), group));
    ArrayNode tests = root.putArray("mcNemar");
    neighbours.forEach(pair -> test(tests.addObject(), pair));
    told.forEach(root.putArray("notes")::add);
    ObjectNode chosenNode = root.putObject("choice");
    chosenNode.put("family", choice.best().family());
    choice.cheaper().ifPresent(c -> chosenNode.put("cheaper", c.group().family()));
    chosenNode.put("why", chosen);
    commands.forEach(chosenNode.putArray("commands")::add);
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void family(ObjectNode node, Group group) {
    node.put("family", group.family());
    node.put("labels", group.first().contestant().labels());
    spread(node.putObject(accuracyKey()), group, entry -> entry.test().accuracy());
    spread(node.putObject("macroF1"), group, entry -> entry.test().macroF1());
    ArrayNode runs = node.putArray("runs");
    for (Entry entry : group.entries()) {
      ObjectNode run = runs.addObject();
      run.put("run", entry.contestant().name());
      run.put("seed", entry.contestant().seed());
      run.put("trainingRows", entry.trainRows());
      figures(run, entry.test());
      figures(run.putObject("valid"), entry.valid());
      run.put("trainingSeconds", entry.cost().seconds());
      run.put("trainingParts", entry.cost().parts());
      if (entry.cost().peakBytes() != null) {
        run.put("peakResidentBytes", entry.cost().peakBytes());
      }
      run.put("modelBytes", entry.answers().modelBytes());
      run.put("textsPerSecond", entry.textsPerSecond());
      if (entry.cost().share() != null) {
        run.put("shareOfEpochs", entry.cost().share());
      }
      if (!entry.sets().isEmpty()) {
        entry.sets().forEach(run.putArray("searched")::add);
      }
      if (entry.folds() != null) {
        folds(run.putObject("folds"), entry.folds());
      }
    }
  }

  private void folds(ObjectNode node, OutOfFold folds) {
    node.put("folds", folds.folds().size());
    node.put("trainingSeconds", folds.seconds());
    if (folds.share() != null) {
      node.put("shareOfEpochs", folds.share());
    }
    ObjectNode accuracy = node.putObject(accuracyKey());
    accuracy.put("mean", folds.mean(Entry.Figures::accuracy));
    accuracy.put("deviation", folds.deviation(Entry.Figures::accuracy));
    ObjectNode macro = node.putObject("macroF1");
    macro.put("mean", folds.mean(Entry.Figures::macroF1));
    macro.put("deviation", folds.deviation(Entry.Figures::macroF1));
  }

  private String accuracyKey() {
    return rows.labelling() == Labelling.SINGLE ? "accuracy" : "subsetAccuracy";
  }

  private static void spread(ObjectNode node, Group group, ToDoubleFunction<Entry> figure) {
    node.put("mean", group.mean(figure));
    if (group.entries().size() > 1) {
      node.put("deviation", group.deviation(figure));
    }
  }

  private void figures(ObjectNode node, Entry.Figures figures) {
    node.put(accuracyKey(), figures.accuracy());
    interval(node.putArray(accuracyKey() + "Interval"), figures.accuracyInterval());
    node.put("macroF1", figures.macroF1());
    interval(node.putArray("macroF1Interval"), figures.macroF1Interval());
  }

  private static void interval(ArrayNode node, Interval interval) {
    node.add(interval.low()).add(interval.high());
  }

  private static void test(ObjectNode node, Neighbours pair) {
    node.put("labels", pair.better().first().contestant().labels());
    node.put("better", pair.better().family());
    node.put("worse", pair.worse().family());
    node.put("onlyBetterRight", pair.test().first());
    node.put("onlyWorseRight", pair.test().second());
    node.put("p", pair.test().p());
  }
}
