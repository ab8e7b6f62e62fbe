# Values for tests/reference/test_survey_differences.py. Run in this folder: Rscript survey_differences.R
# Written by R 4.2.2 with survey 4.1.1.
#
# Means and their covariances are those of svyby(..., covmat=TRUE). R has no score limits for them: they
# are found here from their definition, by nested uniroot over the restricted likelihood of each sample,
# which shares nothing with the way that Python takes.
suppressMessages(library(survey)); options(digits=17)
show <- function(x) {
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', sapply(x, show), collapse=",\n"), "}"))
  if (is.character(x)) return(paste0('"', x, '"'))
  digits <- paste(sprintf("%.17g", unname(x)), collapse=", ")
  if (length(x) == 1) digits else paste0("[", digits, "]")
}
out <- list(versions=list(R=R.version.string, survey=as.character(packageVersion("survey"))))

# The slope of the log likelihood of n answers with these shares where their mean must be mu
slope <- function(mu, shares, n, scores) {
  mean <- sum(shares * scores); off <- scores - mu; chosen <- shares > 0
  if (abs(mean - mu) < 1e-14 * diff(range(scores))) return(0)
  if (mu <= min(scores)) return(Inf)
  if (mu >= max(scores)) return(-Inf)
  balance <- function(eta) sum((shares * off / (1 + eta * off))[chosen])
  up <- mu < mean; edge <- if (up) 1 / (mu - min(scores)) else -1 / (max(scores) - mu)
  outermost <- if (up) min(scores) else max(scores)
  if (!any(chosen & scores == outermost) && sign(balance(edge)) != -sign(edge)) return(n * edge)
  ends <- sort(c(0, edge * (1 - 1e-15)))
  n * uniroot(balance, ends, tol=1e-16, maxiter=10000)$root
}
root <- function(f, low, high) {          # of a falling function, or the end that it does not leave
  rim <- 1e-12 * (high - low)
  if (f(low + rim) <= 0) return(low)
  if (f(high - rim) >= 0) return(high)
  uniroot(f, c(low + rim, high - rim), tol=1e-15, maxiter=10000)$root
}
# (d - delta)^2 over the restricted variance of the difference of two samples
squared <- function(delta, a, b, scores) {
  d <- a$mean - b$mean
  if (abs(d - delta) < 1e-14) return(0)
  both <- function(mu) slope(mu + delta, a$shares, a$kappa, scores) + slope(mu, b$shares, b$kappa, scores)
  low <- max(min(scores), min(scores) - delta, min(b$mean, a$mean - delta))
  high <- min(max(scores), max(scores) - delta, max(b$mean, a$mean - delta))
  mu <- root(both, low, high)
  of_b <- slope(mu, b$shares, b$kappa, scores); of_a <- slope(mu + delta, a$shares, a$kappa, scores)
  (d - delta) * (if (abs(of_a) < abs(of_b)) -of_b else of_a)
}
limit <- function(goal, inside, end) {
  if (goal(end) < 0) return(end)
  uniroot(goal, sort(c(inside, end)), tol=1e-14, maxiter=10000)$root
}
t_of <- function(df, level=.95) qt((1 - level) / 2, df, lower.tail=FALSE)

freedom <- function(q, strata) {          # strata: of each unit
  counted <- q > 0
  less <- sum(counted) - length(unique(strata[counted]))
  max(1, less / sum(counted) * sum(sqrt(q))^2 / sum(q))
}
domains_of <- function(data, scores, design) {
  strata <- tapply(as.character(data$stratum), data$unit, `[`, 1)
  found <- svyby(~y, ~g, design, svymean, covmat=TRUE); V <- unname(as.matrix(vcov(found)))
  parts <- lapply(sort(unique(data$g)), function(name) {
    inside <- data$g == name; s <- ifelse(inside, data$w, 0) / sum(data$w[inside]); m <- sum(s * data$y)
    list(mean=m, spread=sum(s * (data$y - m)^2), in_units=tapply(s, data$unit, sum), kappa=1 / sum(s^2),
      shares=sapply(scores, function(score) sum(s[data$y == score])))
  })
  none <- diag(V) <= (1e-10 * diff(range(scores)))^2
  for (k in which(none)) parts[[k]]$kappa <- 1 / sum(parts[[k]]$in_units^2)
  list(V=V, parts=parts, none=none, strata=strata[names(parts[[1]]$in_units)])
}
compare <- function(data, scores, design) {
  d <- domains_of(data, scores, design); a <- d$parts[[1]]; b <- d$parts[[2]]
  v <- c(a$spread / a$kappa, b$spread / b$kappa)
  V <- d$V[1:2, 1:2]; none <- d$none[1:2]
  star <- ifelse(none, v, pmax(diag(V), v))
  r <- if (any(none)) 0 else V[1, 2] / sqrt(V[1, 1] * V[2, 2])
  f <- (sum(star) - 2 * r * sqrt(prod(star))) / sum(v)
  q <- (!none[1]) * a$spread * a$in_units^2 + (!none[2]) * b$spread * b$in_units^2
  own <- sapply(list(a, b), function(part) freedom(part$in_units^2, d$strata))
  e <- ifelse(none, 0, star)
  df <- max(1, min(freedom(q, d$strata), sum(e)^2 / sum(e^2 / own)))
  value <- a$mean - b$mean; L <- diff(range(scores)); z2 <- t_of(df)^2 * f
  goal <- function(delta) squared(delta, a, b, scores) - z2
  alone <- lapply(1:2, function(k) if (none[k]) NULL else {
    part <- d$parts[[k]]; bound <- t_of(own[k])^2 * star[k] / v[k]
    one <- function(mu) (part$mean - mu) * slope(mu, part$shares, part$kappa, scores) - bound
    rim <- 1e-9
    list(factor=star[k] / v[k], df=own[k], low=limit(one, part$mean, min(scores) + rim),
      high=limit(one, part$mean, max(scores) - rim))
  })
  names(alone) <- c("a", "b")
  list(mean_a=a$mean, mean_b=b$mean, V_aa=V[1, 1], V_bb=V[2, 2], V_ab=V[1, 2], value=value,
    variance=V[1, 1] + V[2, 2] - 2 * V[1, 2], kappa=c(a$kappa, b$kappa), factor=f, df=df,
    low=limit(goal, value, -L + 1e-9), high=limit(goal, value, L - 1e-9),
    p=2 * pt(-sqrt(squared(0, a, b, scores) / f), df), alone=alone[!sapply(alone, is.null)])
}
letters_of <- function(text) strsplit(text, "")[[1]]

crossing <- data.frame(y=c(5,4,3,5,2,4,5,1,4,3,5,5,2,4,4,3), w=c(1,2,1.5,1,3,1,2,1,1,2,1,1.5,2,1,1,2.5),
  unit=rep(1:4, each=4), stratum=1, g=letters_of("aabbabbbaaababba"))
no_variance <- transform(crossing, y=ifelse(g == "a", 5, y))
clusters <- function(data) svydesign(~unit, weights=~w, data=data)
out$crossing <- compare(crossing, 1:5, clusters(crossing))
out$no_variance <- compare(no_variance, 1:5, clusters(no_variance))
shares <- data.frame(y=c(1,1,0,1,1,1,0,1,1,1,0,1,1,0,1,1,1,0), w=c(2,2,1,1,3,2,1,1,2,2,1,4,1,1,2,3,1,2),
  unit=rep(1:6, each=3), stratum=rep(c("s", "t"), each=9), g=letters_of("abbaabbbcabcaababb"))
out$strata <- compare(shares, 0:1, svydesign(~unit, strata=~stratum, weights=~w, data=shares))
surveys <- data.frame(y=c(0,5,10,9,8,10,7,3,10,9,6,8,2,10,0,7,9,5),
  w=c(1,2,.5,1,1,3,1,1,2,1,1,1,4,1,1,2,.5,1), unit=1:18, g=rep(c("a", "b"), c(10, 8)))
surveys$stratum <- surveys$g
out$surveys <- compare(surveys, 0:10, svydesign(~1, strata=~stratum, weights=~w, data=surveys))
panel <- data.frame(y=c(5,3,4,2,5,4,4,3,2,5,1), w=c(1,2,1,1,1.5,1,1,1,2,1,1), unit=c(1:6, 1:3, 7, 8),
  g=rep(c("a", "b"), c(6, 5)))
panel$stratum <- ifelse(panel$unit <= 3, "both", paste(panel$g, "only"))
out$panel <- compare(panel, 1:5, svydesign(~unit, strata=~stratum, weights=~w, data=panel))
apart <- data.frame(y=c(5,5,4,5,2,1,2,2,4,4,5,4,1,2,1,3,5,4,5,5,3,2,1,2), w=rep(c(1, 2, 1, 1.5), 6),
  unit=rep(1:6, each=4), stratum=1, g=rep(c("a", "b"), each=4, 3))
out$apart <- compare(apart, 1:5, clusters(apart))

# Strata with one cluster
single <- data.frame(y=c(5,4,2,5,3,4,1,5,4,2,5,3,4,1), w=c(1,2,1,3,1,2,1,1,2,1,1,2,1,1),
  stratum=rep(c("s", "t", "u"), c(8, 2, 4)), unit=c(1,1,2,2,3,3,3,1,4,4,5,5,6,6), g=letters_of("ababaabbabbaab"))
out$single <- lapply(c(certainty="certainty", adjust="adjust", average="average"), function(how) {
  options(survey.lonely.psu=how)
  design <- svydesign(~unit, strata=~stratum, weights=~w, data=single, nest=TRUE)
  V <- vcov(svyby(~y, ~g, design, svymean, covmat=TRUE))
  c(V[1, 1], V[2, 2], V[1, 2])
})

# K samples
k_sample <- function(samples, scores) {
  means <- sapply(samples, `[[`, "mean")
  slopes <- function(mu) sapply(samples, function(s) slope(mu, s$shares, s$kappa, scores))
  mu <- root(function(mu) sum(slopes(mu)), min(means), max(means))
  list(mu=mu, statistic=sum(slopes(mu) * (means - mu)))
}
plain <- function(counts, scores) {
  samples <- apply(counts, 1, function(n) list(shares=n / sum(n), kappa=sum(n), mean=sum(n * scores) / sum(n)))
  found <- k_sample(samples, scores); N <- sum(counts); Q <- found$statistic * (N - 1) / N
  c(found$mu, Q, pchisq(Q, nrow(counts) - 1, lower.tail=FALSE))
}
out$plain <- list(jump=plain(rbind(c(0,0,400,0,0), c(7,0,0,0,13)), 1:5),
  three=plain(rbind(c(3,4,10,20,13), c(1,2,5,22,30), c(5,5,5,10,20)), 1:5),
  shares=plain(rbind(c(14,56), c(32,48), c(3,13)), 0:1),
  end=plain(rbind(c(0,0,0,0,12), c(0,0,1,9,10), c(2,0,3,20,25)), 1:5))

three <- data.frame(y=c(5,4,3,5,2,4,5,1,4,3,5,5,2,4,4,3,5,5,3,1,4), w=c(1,2,1.5,1,3,1,2,1,1,2,1,1.5,2,1,1,2.5,1,1,2,1,1),
  unit=rep(1:6, c(4,4,4,4,3,2)), stratum=1, g=letters_of("abccabbcabcbabcacbabc"))
d <- domains_of(three, 1:5, clusters(three)); found <- k_sample(d$parts, 1:5)
kappa <- sapply(d$parts, `[[`, "kappa"); spread <- sapply(d$parts, `[[`, "spread"); v <- spread / kappa
star <- pmax(diag(d$V), v); D <- cov2cor(d$V) * sqrt(outer(star, star) / outer(v, v))
along <- 1 / sqrt(v); along <- along / sqrt(sum(along^2)); across <- diag(3) - outer(along, along)
lambda <- sort(eigen(across %*% D %*% across, symmetric=TRUE)$values)[-1]
nu <- sum(lambda)^2 / sum(lambda^2); e <- (1 - along^2) * diag(D)
q <- Reduce(`+`, lapply(d$parts, function(part) part$spread * part$in_units^2))
own <- sapply(d$parts, function(part) freedom(part$in_units^2, d$strata))
df <- min(nu * freedom(q, d$strata), sum(e)^2 / sum(e^2 / own)); F <- found$statistic / sum(lambda)
out$homogeneity <- list(mu=found$mu, F=F, nu=nu, df=df, p=pf(F, nu, df, lower.tail=FALSE))
writeLines(show(out), "survey_differences.json")
