package org.ulmfit.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The words a string may be. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface OneOf {
  String[] value();

  /** A regular expression for further words; empty = none. */
  String orLike() default "";

  /** Those words, as messages and documentation name them. */
  String orLikeShown() default "";

  /** Ending of a file name that is accepted as well; empty = none. */
  String orFile() default "";
}
