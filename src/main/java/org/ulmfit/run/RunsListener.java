package org.ulmfit.run;

import java.util.List;
import org.ulmfit.config.Recipe;
import org.ulmfit.train.TrainingListener;

/** Hears how far work of several runs is. */
public interface RunsListener {
  void note(String line);

  /** Hears of a training that begins. */
  TrainingListener training(List<Recipe.Phase> phases);
}
