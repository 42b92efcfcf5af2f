package org.ulmfit.cli;

import java.util.ArrayList;
import org.ulmfit.classifier.Family;

/** The names of families, for help. */
final class FamilyNames {

  private FamilyNames() {}

  /** Those that start from the texts alone. */
  static final class WithoutEncoder extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    WithoutEncoder() {
      Family.ALL.stream()
          .filter(family -> !family.startsFromEncoder())
          .map(Family::name)
          .forEach(this::add);
    }
  }

  /** All. */
  static final class All extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    All() {
      Family.ALL.stream().map(Family::name).forEach(this::add);
    }
  }
}
