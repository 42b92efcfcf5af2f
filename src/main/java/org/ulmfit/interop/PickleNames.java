package org.ulmfit.interop;

import org.jspecify.annotations.Nullable;

/**
 * The names that a pickle may use, and what stands for them. Nothing is looked up outside the
 * implementation, and no class is made from a name.
 */
interface PickleNames {

  /** Says why something does not stand; the interpreter adds the file and the byte. */
  final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    final String why;

    Refused(String why) {
      super(why, null, false, false);
      this.why = why;
    }
  }

  /** What stands for a name, or null if the pickle may not use it. */
  @Nullable Object find(String module, String name);

  /**
   * What to tell the user about a name that is refused.
   *
   * @param key key of the outermost dictionary under which it stands, or null
   */
  String hint(String module, String name, @Nullable String key);

  /** Result of calling what {@link #find} gave. */
  Object call(Object function, PickleValue.Tuple arguments) throws Refused;

  /** An object stored outside the pickle. */
  Object persistent(Object id) throws Refused;
}
