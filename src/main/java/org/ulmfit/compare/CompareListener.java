package org.ulmfit.compare;

import java.util.List;
import org.ulmfit.config.Recipe;
import org.ulmfit.train.TrainingListener;

/** Hears how far a comparison is. */
public interface CompareListener {
  void note(String line);

  /** Hears of a training that begins. */
  TrainingListener training(List<Recipe.Phase> phases);
}
