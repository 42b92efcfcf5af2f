package org.ulmfit.cli;

import java.util.List;
import org.ulmfit.config.Recipe;
import org.ulmfit.run.RunsListener;
import org.ulmfit.train.TrainingListener;

/** Shows work of several runs on stderr. */
record RunsProgress(Console console) implements RunsListener {

  @Override
  public void note(String line) {
    console.say(line);
  }

  @Override
  public TrainingListener training(List<Recipe.Phase> phases) {
    return new Progress(console, phases);
  }
}
