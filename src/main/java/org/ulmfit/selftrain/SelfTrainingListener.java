package org.ulmfit.selftrain;

import java.util.List;
import org.ulmfit.config.Recipe;
import org.ulmfit.train.TrainingListener;

/** Hears how far self-training is. */
public interface SelfTrainingListener {
  void note(String line);

  /** Hears of a training that begins. */
  TrainingListener training(List<Recipe.Phase> phases);
}
